//! The register of powers of attorney, kept by hand: what stands here for the state's.

use bytes::Bytes;
use potok_domain::powers::{REGISTER_BOX, Registered, SignatureOfPower};
use potok_store::StreamKind;
use potok_types::{PowerId, limits};
use uuid::Uuid;

use super::{Admin, AdminError, invalid};
use crate::core::RegisteredPower;
use crate::powers::{PowerBytes, PowersError, judge};

/// Powers that are read together.
const PAGE: usize = 100;
/// Characters of the reason of a revocation.
const REASON_CHARS: usize = limits::COMMENT_CHARS;

impl Admin {
    /// Takes the file of a power of attorney into the register, with the signature of who gave it. What is there stays.
    ///
    /// # Errors
    /// `CoreError::Invalid` for a file that is no power and a signature that is not of it; `RegisterRefusal::NumberTaken`.
    pub async fn put_power(&self, file: Bytes, signature: Bytes) -> Result<RegisteredPower, AdminError> {
        for (path, bytes) in [("file", &file), ("signature", &signature)] {
            if bytes.len() as u64 > limits::POWER_FILE_BYTES {
                let (length, most) = (bytes.len(), limits::POWER_FILE_BYTES);
                return Err(invalid(path, format!("{length} bytes are more than it may have ({most})")));
            }
        }
        let bytes = PowerBytes { file, signature };
        let power = self.core.read_power(&bytes.file).await?;
        let power = power.map_err(|fault| invalid("file", fault.to_string()))?;
        let judged = judge(&*self.verifier, &power, &bytes, true, self.core.clock.now()).await?;
        match judged {
            SignatureOfPower::Good => {}
            SignatureOfPower::OfAnother => {
                return Err(invalid("signature", "it is not of who gave the power"));
            }
            SignatureOfPower::Bad => return Err(invalid("signature", "it is not of the file, or not valid")),
        }
        let (number, (files, contents)) = (power.number, bytes.contents());
        let decide = |known: &Registered| Ok::<_, PowersError>(known.register(number, files)?);
        let registered = self.core.change_register(number, None, &contents, decide).await?;
        let PowerBytes { file, signature } = bytes;
        Ok(RegisteredPower { power, registered, file, signature })
    }

    /// Every power of the register, by number.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn powers(&self) -> Result<Vec<RegisteredPower>, AdminError> {
        let mut all = Vec::new();
        let mut after = Uuid::nil();
        loop {
            let page = self.core.journal.stream_ids(REGISTER_BOX, StreamKind::POWER, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(all) };
            after = *last;
            for number in page {
                all.extend(self.core.registered_power(PowerId::from_uuid(number)).await?);
            }
        }
    }

    /// Takes a power back. What was signed by it before stays as it is.
    ///
    /// # Errors
    /// `RegisterRefusal::Unknown`, `RegisterRefusal::RevokedBefore`; `CoreError::Invalid` for a reason that is too long.
    pub async fn revoke_power(&self, number: PowerId, reason: &str) -> Result<Registered, AdminError> {
        if reason.chars().count() > REASON_CHARS {
            return Err(invalid("reason", format!("at most {REASON_CHARS} characters fit")));
        }
        let decide = |known: &Registered| Ok::<_, PowersError>(Some(known.revoke(number, reason)?));
        Ok(self.core.change_register(number, None, &[], decide).await?)
    }
}
