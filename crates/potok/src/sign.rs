//! `potok sign` and `potok verify`: signatures of files in a terminal.

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use clap::{Args, ValueEnum};
use potok_cms::doctor::{self, Effort};
use potok_cms::{Language, RevocationPolicy, SignedData, UnixTime};
use potok_operator::keys::{KeyOptions, KeySource, PasswordSource};
use potok_operator::trust;
use potok_types::with_causes;

use crate::cli::Environment;
use crate::print::{complaint, line};
use crate::report::Report;
use crate::words::{FileError, Words, read};

/// The password of keys on the command line.
const PASSWORD_VARIABLE: &str = "POTOK_KEY_PASSWORD";

/// How a signature is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Bytes
    #[default]
    Der,
    /// Text between BEGIN CMS and END CMS
    Pem,
    /// Text
    Base64,
}

#[derive(Args)]
pub(crate) struct Sign {
    /// What to sign
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A PEM or PKCS#12 file, command:PROGRAM ARGUMENT…, or pkcs11:… (RFC 7512)
    #[arg(long, value_name = "KEY")]
    key: String,
    /// PEM file with the certificate of the key and those above it, when they are not beside the key
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// File with the password or PIN of the key; else it is taken from POTOK_KEY_PASSWORD
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Where to write the signature; FILE.p7s when absent, - for standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Form of the signature
    #[arg(long, value_enum, default_value_t)]
    form: Form,
}

#[derive(Args)]
pub(crate) struct Verify {
    /// What was signed
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The signature, in DER, PEM or base64; FILE.p7s when absent
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    /// Certificates to trust, files or folders of them; may be repeated
    #[arg(long, value_name = "PATH")]
    trust: Vec<PathBuf>,
    /// Revocation lists, files or folders of them; may be repeated
    #[arg(long, value_name = "PATH")]
    revocation: Vec<PathBuf>,
    /// Refuse certificates for which there is no current revocation list
    #[arg(long)]
    require_revocation: bool,
    /// INN of the organization that is said to have signed; the certificate is held against it
    #[arg(long, value_name = "INN")]
    inn: Option<String>,
    /// Language of the findings
    #[arg(long, value_enum, default_value_t)]
    language: Words,
}

/// Where the password of a key comes from, if there is one.
pub(crate) fn password(file: Option<PathBuf>) -> Option<PasswordSource> {
    match file {
        Some(path) => Some(PasswordSource::File(path)),
        None => std::env::var(PASSWORD_VARIABLE).ok().map(PasswordSource::given),
    }
}

/// Signs a file.
pub(crate) fn sign(given: Sign, environment: &Environment) -> Result<(), Box<dyn Error>> {
    let content = read(&given.file)?;
    let password = password(given.password_file);
    let options =
        KeyOptions { source: given.key.parse::<KeySource>()?, certificate: given.certificate, password };
    let now = UnixTime(environment.clock.now().unix_seconds());
    let signer = options.open(now)?;
    if let Some(words) = signer.out_of_date(now) {
        complaint(format_args!("warning: {words}"));
    }
    let signature = signer.sign(&content, now)?;
    let written = match given.form {
        Form::Der => signature.to_vec(),
        Form::Pem => SignedData::parse(&signature)?.to_pem().into_bytes(),
        Form::Base64 => BASE64_STANDARD.encode(&signature).into_bytes(),
    };
    let out = given.out.unwrap_or_else(|| signature_beside(&given.file));
    if out.as_os_str() == "-" {
        std::io::stdout().write_all(&written)?;
        return Ok(());
    }
    let failed = |source| FileError { path: out.clone(), done: "written", source };
    std::fs::write(&out, written).map_err(failed)?;
    line(out.display());
    Ok(())
}

/// Checks the signature of a file and tells what was found; a bad one ends with 1.
pub(crate) fn verify(given: Verify, environment: &Environment) -> Result<ExitCode, Box<dyn Error>> {
    let language: Language = given.language.into();
    let content = read(&given.file)?;
    let signature = read(&given.signature.unwrap_or_else(|| signature_beside(&given.file)))?;
    let (mut trust, left_out) = trust::read(&given.trust, &given.revocation)?;
    for error in &left_out {
        complaint(format_args!("left out: {}", with_causes(error)));
    }
    if given.require_revocation {
        trust.revocation = RevocationPolicy::Required;
    }
    let advice =
        || doctor::diagnose(&signature, &content, &mut Effort::unlimited()).map(|cause| cause.text(language));
    let signed = match SignedData::parse(&signature) {
        Ok(signed) => signed,
        Err(error) => {
            let text = match language {
                Language::English => error.to_string(),
                Language::Russian => error.text_ru(),
            };
            line(text);
            advice().into_iter().for_each(line);
            return Ok(ExitCode::FAILURE);
        }
    };
    let now = UnixTime(environment.clock.now().unix_seconds());
    let verification = signed.verify(potok_cms::Content::Bytes(&content), now, &trust);
    let report = Report { verification: &verification, inn: given.inn.as_deref(), language };
    line(report);
    if verification.is_valid() {
        return Ok(ExitCode::SUCCESS);
    }
    advice().into_iter().for_each(line);
    Ok(ExitCode::FAILURE)
}

/// The usual name of a signature: `contract.pdf.p7s`.
fn signature_beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".p7s");
    name.into()
}
