//! `Register`, `RegisterConfirm`: somebody becomes an administrator of the organization that the own certificate names.

use std::sync::Arc;

use bytes::Bytes;
use potok_cms::{Certificate, Content, SignedData, SubjectKind, Thumbprint, Trust, UnixTime};
use potok_domain::Revision;
use potok_domain::directory::{
    AccessRequest, DirectoryChange, DirectoryWish, Employee, Permissions, Registration, RegistrationStatus,
};
use potok_store::UserCertificate;
use potok_types::access::User as AnyUser;
use potok_types::{BoxId, Invalid, Ticks, UserId, parse_guid};

use super::{People, PeopleError};
use crate::Permit;
use crate::core::DirectoryWishes;
use crate::login::{NamedCertificate, out_of_date, stored};

/// How long a text may be signed after it was given out.
const PROOF_SECONDS: i64 = 10 * 60;
/// Whoever holds one of these positions administers the organization.
const HEADS: [&str; 5] = ["главный бухгалтер", "генеральный директор", "директор", "главный врач", "ректор"];

/// Certificates of employees that are looked through for a person who is known already.
const MOST_CERTIFICATES: usize = 1000;

/// A certificate, and whose it is.
struct Presented {
    certificate: Certificate,
    owner: Option<UserId>,
}

impl People {
    /// Registers the caller in the organization of the certificate, as far as that goes without somebody's help.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the certificate is none. What stands in the way is told by the status.
    pub async fn register(
        &self,
        user: &Permit<AnyUser>,
        named: NamedCertificate,
    ) -> Result<Registration, PeopleError> {
        let told = |status| Ok(Registration { status, box_id: None, data_to_sign: None });
        let is_named = matches!(named, NamedCertificate::Thumbprint(_));
        let Some(mut presented) = self.presented(named).await? else {
            return told(RegistrationStatus::AccessIsDenied);
        };
        if presented.owner.is_some_and(|owner| owner != user.id) {
            if is_named {
                return told(RegistrationStatus::AccessIsDenied);
            }
            // Certificates are no secrets: whose they are is told to nobody but the holder of the key.
            presented.owner = None;
        }
        let box_id = match self.box_named_by(&presented.certificate).await? {
            Ok(box_id) => box_id,
            Err(status) => return told(status),
        };
        if presented.owner.is_none() {
            let thumbprint = presented.certificate.thumbprint();
            let text = text_to_sign(user.id, box_id, &thumbprint.to_string(), self.core.clock.now());
            return Ok(Registration {
                status: RegistrationStatus::CertificateOwnershipProofIsRequired,
                box_id: Some(box_id),
                data_to_sign: Some(text.into_bytes()),
            });
        }
        let status = self.let_in(user.id, box_id, &presented.certificate).await?;
        Ok(Registration { status, box_id: Some(box_id), data_to_sign: None })
    }

    /// The box of the organization in which the holder of the certificate may be registered; else what stands in the way.
    pub(super) async fn box_named_by(
        &self,
        certificate: &Certificate,
    ) -> Result<Result<BoxId, RegistrationStatus>, PeopleError> {
        if !self.is_qualified(certificate).await? {
            return Ok(Err(RegistrationStatus::CertificateIsNotQualified));
        }
        let subject = certificate.subject();
        if !matches!(subject.kind(), SubjectKind::LegalEntity | SubjectKind::IndividualEntity) {
            return Ok(Err(RegistrationStatus::AccessIsDenied));
        }
        let inn = subject.inn().unwrap_or_default();
        let mut found = self.core.directory.organizations_by_inn(inn, None).await?;
        let Some(organization) = found.pop() else {
            return Ok(Err(RegistrationStatus::OrganizationNotFound));
        };
        if !found.is_empty() || inn.starts_with("99") {
            return Ok(Err(RegistrationStatus::RegistrationInBranchIsForbidden));
        }
        Ok(Ok(organization.box_id))
    }

    /// Lets the caller into the box as an administrator, or notes that the caller asked for it.
    pub(super) async fn let_in(
        &self,
        user: UserId,
        box_id: BoxId,
        certificate: &Certificate,
    ) -> Result<RegistrationStatus, PeopleError> {
        let title = certificate.subject().title().unwrap_or_default().to_lowercase();
        let is_head = HEADS.contains(&title.trim()) || self.administers_already(box_id, certificate).await?;
        let directory = &self.core.directory;
        self.core
            .change_directory(box_id, Some(user), || async {
                let nothing = |status| Ok((DirectoryWishes::default(), status));
                let member = directory.member(box_id, user).await?;
                let before = member.map(|member| member.employee);
                match &before {
                    Some(before) if before.permissions.is_blocked => {
                        return nothing(RegistrationStatus::AccessIsDenied);
                    }
                    Some(before) if before.permissions.is_administrator => {
                        return nothing(RegistrationStatus::RegistrationIsCompleted);
                    }
                    None if directory.was_employed(box_id, user).await? => {
                        return nothing(RegistrationStatus::AccessIsDenied);
                    }
                    _ => {}
                }
                let request = self.last_request(box_id, user).await?;
                if request == Some(AccessRequest::Declined) {
                    return nothing(RegistrationStatus::AccessRequestIsRejected);
                }
                if is_head || !directory.has_other_administrator(box_id, user).await? {
                    let now = self.core.clock.now();
                    let fresh = || Employee::new(user, box_id, Permissions::full(), now);
                    let mut after = before.clone().unwrap_or_else(fresh);
                    after.permissions.is_administrator = true;
                    let wish = DirectoryWish::employee(before.as_ref(), after);
                    return Ok((wish.into(), RegistrationStatus::RegistrationIsCompleted));
                }
                let wishes = match request {
                    Some(_) => DirectoryWishes::default(),
                    None => DirectoryWish::access_request(user, AccessRequest::Pending).into(),
                };
                Ok((wishes, RegistrationStatus::AccessRequestIsPending))
            })
            .await
    }

    /// The holder of the certificate administers the box by another account: somebody with the same SNILS does.
    async fn administers_already(
        &self,
        box_id: BoxId,
        certificate: &Certificate,
    ) -> Result<bool, PeopleError> {
        let Some(snils) = certificate.subject().snils() else { return Ok(false) };
        let kept = self.logins.certificates_of_employees(box_id, MOST_CERTIFICATES).await?;
        for kept in kept {
            let same = Certificate::from_der(&kept.der).is_ok_and(|it| it.subject().snils() == Some(snils));
            let member = if same { self.core.directory.member(box_id, kept.user).await? } else { None };
            if member.is_some_and(|member| member.employee.permissions.is_administrator) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What became last of the wish of `user` to be let in.
    pub(super) async fn last_request(
        &self,
        box_id: BoxId,
        user: UserId,
    ) -> Result<Option<AccessRequest>, PeopleError> {
        let all = Revision(u32::MAX);
        let events = self.core.journal.directory_events(box_id, Revision(0), all).await?;
        let requests = events.iter().rev().filter_map(|event| match &event.change {
            DirectoryChange::AccessRequest { user: asking, request } if *asking == user => Some(*request),
            _ => None,
        });
        Ok(requests.into_iter().next())
    }

    /// The certificate, and who has it; nothing where only a thumbprint was given that nobody has.
    async fn presented(&self, named: NamedCertificate) -> Result<Option<Presented>, PeopleError> {
        const PATH: &str = "RegistrationRequest";
        let invalid = |field: &str, reason: String| Invalid::new(format!("{PATH}.{field}"), reason);
        match named {
            NamedCertificate::Thumbprint(text) => {
                let thumbprint = Thumbprint::parse(&text).ok_or_else(|| {
                    invalid("Thumbprint", format!("{text:?} must be 40 hexadecimal digits"))
                })?;
                let Some(kept) = self.logins.user_certificate(stored(thumbprint)).await? else {
                    return Ok(None);
                };
                let read = Certificate::from_der(&kept.der).ok();
                Ok(read.map(|certificate| Presented { certificate, owner: Some(kept.user) }))
            }
            NamedCertificate::Whole(bytes) => {
                let certificate = Certificate::parse(&bytes)
                    .map_err(|error| invalid("CertificateContent", error.to_string()))?;
                let kept = self.logins.user_certificate(stored(certificate.thumbprint())).await?;
                let kept = kept.filter(|kept| kept.der == certificate.as_der());
                Ok(Some(Presented { certificate, owner: kept.map(|kept| kept.user) }))
            }
        }
    }

    /// In date, and of an issuer whom the server trusts by name: where it trusts nobody, a certificate proves nothing.
    async fn is_qualified(&self, certificate: &Certificate) -> Result<bool, PeopleError> {
        let now = self.core.clock.now();
        if !self.judge.knows_issuers() || out_of_date(certificate, now).is_some() {
            return Ok(false);
        }
        let (judge, certificate) = (Arc::clone(&self.judge), certificate.clone());
        Ok(self.core.room.work.serve(move || judge.judge(&certificate, now).is_ok()).await?)
    }

    /// Takes the proof that the caller holds the key of the certificate, which opens the caller's account from then on.
    ///
    /// # Errors
    /// `CoreError::Invalid` for a text or a signature that is not what [`Self::register`] asked for;
    /// [`PeopleError::NothingToConfirm`]; [`PeopleError::CertificateOfOther`].
    pub async fn confirm_registration(
        &self,
        user: &Permit<AnyUser>,
        named: NamedCertificate,
        data: Bytes,
        signature: Bytes,
    ) -> Result<(), PeopleError> {
        const PATH: &str = "RegistrationConfirmRequest";
        let Some(Presented { certificate, owner }) = self.presented(named).await? else {
            let reason = "nobody has a certificate with this thumbprint: send the certificate itself";
            return Err(Invalid::new(format!("{PATH}.Thumbprint"), reason).into());
        };
        let thumbprint = certificate.thumbprint().to_string();
        check_text(&data, user.id, &thumbprint, self.core.clock.now())
            .map_err(|reason| Invalid::new(format!("{PATH}.DataToSign"), reason))?;
        let at = UnixTime(self.core.clock.now().unix_seconds());
        let (whose, signed) = (certificate.clone(), data);
        let checked = self.core.room.work.serve(move || is_signed_by(&whose, &signed, &signature, at));
        checked.await?.map_err(|reason| Invalid::new(format!("{PATH}.Signature"), reason))?;
        match owner {
            Some(owner) if owner == user.id => return Err(PeopleError::NothingToConfirm(thumbprint)),
            Some(_) => return Err(PeopleError::CertificateOfOther(thumbprint)),
            None => {}
        }
        if !self.is_qualified(&certificate).await? {
            let reason = "no trusted authority issued the certificate, or it is out of date or revoked";
            return Err(Invalid::new(format!("{PATH}.CertificateContent"), reason).into());
        }
        let new = UserCertificate {
            thumbprint: stored(certificate.thumbprint()),
            der: certificate.as_der().to_vec(),
            user: user.id,
            added_at: self.core.clock.now(),
        };
        match self.logins.add_user_certificate(&new).await? {
            true => Ok(()),
            false => Err(PeopleError::CertificateOfOther(thumbprint)),
        }
    }
}

/// What the holder of the key signs.
fn text_to_sign(user: UserId, box_id: BoxId, thumbprint: &str, at: Ticks) -> String {
    format!("register user {user} in box {} by certificate {thumbprint} at {}", box_id.guid(), at.get())
}

/// Insists on a text that was given to `user` for the certificate a short time ago.
fn check_text(data: &[u8], user: UserId, thumbprint: &str, now: Ticks) -> Result<(), String> {
    let again =
        || "it is not the text that Register gave for this certificate: call Register again".to_owned();
    let text = std::str::from_utf8(data).map_err(|_| again())?;
    let words: Vec<&str> = text.split(' ').collect();
    let [.., box_id, _, _, _, _, at] = words[..] else { return Err(again()) };
    let box_id = parse_guid(box_id).map(BoxId::from_uuid).ok_or_else(again)?;
    let at = Ticks::new(at.parse().map_err(|_| again())?);
    if text != text_to_sign(user, box_id, thumbprint, at) {
        return Err(again());
    }
    match at <= now && now < at.plus_seconds(PROOF_SECONDS) {
        true => Ok(()),
        false => Err(format!("it may be signed within {} minutes: call Register again", PROOF_SECONDS / 60)),
    }
}

/// Insists on a signature of `data` by the key of `certificate`, attached or detached. Who issued the certificate does not count
/// here.
fn is_signed_by(
    certificate: &Certificate,
    data: &[u8],
    signature: &[u8],
    at: UnixTime,
) -> Result<(), String> {
    let read = SignedData::parse(signature).map_err(|error| error.to_string())?;
    let signer = read.signer_certificate().map(Certificate::as_der);
    if signer != Some(certificate.as_der()) {
        return Err("it is not by the certificate of the registration".to_owned());
    }
    let verified = read.verify(Content::Bytes(data), at, &Trust::default());
    match verified.is_signature_of_content() {
        true => Ok(()),
        false => Err("it is not a signature of DataToSign".to_owned()),
    }
}
