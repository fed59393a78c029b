//! Keys on tokens, through the vendor's PKCS#11 library. The library is loaded when a key is opened, not before.

use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::vendor_defined::VendorDefinedMechanism;
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::{AuthPin, Ulong};
use potok_cms::key::{SignatureAlgorithm, ecdsa_to_der, rsa_digest_info};
use potok_cms::{Certificate, DigestAlgorithm, PublicKey, SigningError, SigningKey, UnixTime};

use super::uri::TokenUri;
use super::{KeyError, Password, algorithm, best};

/// `CKM_GOSTR3410_512` of the Russian extensions of PKCS#11.
const GOSTR3410_512: u64 = 0xd432_1006;

/// A key on a token, with an open session.
pub struct TokenKey {
    uri: TokenUri,
    pin: Option<Password>,
    library: Pkcs11,
    slot: Slot,
    public: PublicKey,
    algorithm: SignatureAlgorithm,
    /// A session does one thing at a time. `None` after a failure: the token may have been pulled out.
    session: Mutex<Option<Opened>>,
}

struct Opened {
    session: Session,
    key: ObjectHandle,
}

/// Why a token does not give its key.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The library or the token refused.
    #[error("{0}")]
    Token(#[from] Error),
    /// No such token.
    #[error("there is no such token; those at hand are: {0}")]
    NoToken(String),
    /// No such key, or more than one.
    #[error("the token has {0} such private keys, and one is needed: name its object and id")]
    Keys(usize),
    /// A kind of key for which PKCS#11 has a mechanism that is not reached.
    #[error(
        "keys of GOST R 34.10-2012 with 256 bits on tokens are not supported: name the vendor's program with command:…, or take \
         a key of 512 bits"
    )]
    Gost256,
    /// No certificate.
    #[error("the token has no certificate beside the key: name a file with it")]
    NoCertificate,
}

impl TokenKey {
    /// Opens the key that `uri` names. Its certificate is `certificate`, or one of the same name on the token: the one that is
    /// valid at `at`.
    ///
    /// # Errors
    /// [`KeyError::Token`], and [`KeyError::Unusable`] for keys of a kind that does not sign here.
    pub fn open(
        uri: &TokenUri,
        pin: Option<Password>,
        certificate: Option<Certificate>,
        at: UnixTime,
    ) -> Result<(Self, Certificate), KeyError> {
        let failed = |source| KeyError::Token { key: uri.to_string(), source };
        let library = load(uri).map_err(|error| failed(error.into()))?;
        let slot = find_slot(&library, uri).map_err(failed)?;
        let opened = log_in(&library, slot, uri, pin.as_ref()).map_err(failed)?;
        let certificate = match certificate {
            Some(certificate) => certificate,
            None => read_certificate(&opened.session, uri, at).map_err(failed)?,
        };
        let key = Self {
            algorithm: algorithm(&certificate)?,
            public: certificate.key().clone(),
            uri: uri.clone(),
            pin,
            library,
            slot,
            session: Mutex::new(Some(opened)),
        };
        Ok((key, certificate))
    }

    fn sign_in(&self, opened: &Opened, digest: &[u8]) -> Result<Vec<u8>, TokenError> {
        let sign = |mechanism: &Mechanism<'_>, data: &[u8]| opened.session.sign(mechanism, opened.key, data);
        match self.algorithm {
            SignatureAlgorithm::RsaPkcs1(algorithm) => {
                Ok(sign(&Mechanism::RsaPkcs, &rsa_digest_info(algorithm, digest))?)
            }
            SignatureAlgorithm::Ecdsa(_) => Ok(ecdsa_to_der(&sign(&Mechanism::Ecdsa, digest)?)),
            SignatureAlgorithm::Gost(DigestAlgorithm::Streebog512) => {
                let mechanism = MechanismType::new_vendor_defined(GOSTR3410_512)?;
                let mechanism = VendorDefinedMechanism::new::<()>(mechanism, None);
                let signature = sign(&Mechanism::VendorDefined(mechanism), digest)?;
                Ok(self.in_order(digest, signature))
            }
            SignatureAlgorithm::RsaPss { salt_len, .. } => {
                let parameters = PkcsPssParams {
                    hash_alg: MechanismType::SHA256,
                    mgf: PkcsMgfType::MGF1_SHA256,
                    s_len: Ulong::try_from(salt_len)?,
                };
                Ok(sign(&Mechanism::RsaPkcsPss(parameters), digest)?)
            }
            // The library reaches vendors' mechanisms and those it knows: GOST with 256 bits is neither.
            SignatureAlgorithm::Gost(_) => Err(TokenError::Gost256),
        }
    }

    /// Vendors disagree which half of a GOST signature comes first; only one order verifies.
    fn in_order(&self, digest: &[u8], mut signature: Vec<u8>) -> Vec<u8> {
        if !self.public.verify(self.algorithm, digest, &signature) {
            let half = signature.len() / 2;
            signature.rotate_left(half);
        }
        signature
    }
}

impl SigningKey for TokenKey {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SigningError> {
        let told = |error: TokenError| SigningError::Key(format!("{}: {error}", self.uri));
        // A signing that panicked leaves at worst a session that is opened anew.
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = session.take()
            && let Ok(signature) = self.sign_in(&opened, digest)
        {
            *session = Some(opened);
            return Ok(signature);
        }
        let opened = log_in(&self.library, self.slot, &self.uri, self.pin.as_ref()).map_err(told)?;
        let signature = self.sign_in(&opened, digest).map_err(told)?;
        *session = Some(opened);
        Ok(signature)
    }
}

fn load(uri: &TokenUri) -> Result<Pkcs11, Error> {
    let library = Pkcs11::new(&uri.module)?;
    match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // Another key of this process came first.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(library),
        Err(error) => Err(error),
    }
}

fn find_slot(library: &Pkcs11, uri: &TokenUri) -> Result<Slot, TokenError> {
    let mut seen = Vec::new();
    for slot in library.get_slots_with_initialized_token()? {
        let token = library.get_token_info(slot)?;
        let fits = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is);
        if fits(&uri.token, token.label()) && fits(&uri.serial, token.serial_number()) {
            return Ok(slot);
        }
        seen.push(token.label().to_owned());
    }
    Err(TokenError::NoToken(seen.join(", ")))
}

fn log_in(
    library: &Pkcs11,
    slot: Slot,
    uri: &TokenUri,
    pin: Option<&Password>,
) -> Result<Opened, TokenError> {
    let session = library.open_ro_session(slot)?;
    if let Some(pin) = pin {
        let pin = AuthPin::new(pin.as_str().into());
        match session.login(UserType::User, Some(&pin)) {
            // Sessions of one process share the login.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let keys = session.find_objects(&wanted(uri, ObjectClass::PRIVATE_KEY))?;
    match keys[..] {
        [key] => Ok(Opened { session, key }),
        _ => Err(TokenError::Keys(keys.len())),
    }
}

fn read_certificate(session: &Session, uri: &TokenUri, at: UnixTime) -> Result<Certificate, TokenError> {
    let mut found = Vec::new();
    for object in session.find_objects(&wanted(uri, ObjectClass::CERTIFICATE))? {
        for value in session.get_attributes(object, &[AttributeType::Value])? {
            if let Attribute::Value(der) = value {
                found.extend(Certificate::from_der(&der).ok());
            }
        }
    }
    best(found.iter(), at).cloned().ok_or(TokenError::NoCertificate)
}

fn wanted(uri: &TokenUri, class: ObjectClass) -> Vec<Attribute> {
    let mut wanted = vec![Attribute::Class(class)];
    wanted.extend(uri.object.iter().map(|label| Attribute::Label(label.clone().into_bytes())));
    wanted.extend(uri.id.iter().map(|id| Attribute::Id(id.clone())));
    wanted
}
