//! `potok admin user certificate …`.

use std::error::Error;
use std::path::PathBuf;

use clap::Subcommand;
use potok_app::{Admin, LoginCertificate};
use serde_json::{Value, json};

use super::{Said, list};

/// Larger files are no certificates.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// A file that holds no certificate.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read: {reason}", .path.display())]
struct Unreadable {
    path: PathBuf,
    reason: String,
}

/// What can be done with the certificates of a user.
#[derive(Subcommand)]
pub(crate) enum CertificateCommand {
    /// Lets a user log in by a certificate
    Add {
        /// Login of the user
        #[arg(long, value_name = "LOGIN")]
        user: String,
        /// The certificate in DER, PEM or base64
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Lists the certificates by which a user logs in
    List {
        /// Login of the user
        #[arg(long, value_name = "LOGIN")]
        user: String,
    },
    /// Takes a certificate from a user, with every token that it bought
    Remove {
        /// Login of the user
        #[arg(long, value_name = "LOGIN")]
        user: String,
        /// SHA-1 of the certificate, 40 hexadecimal digits
        #[arg(value_name = "THUMBPRINT")]
        thumbprint: String,
    },
}

pub(super) async fn execute(admin: &Admin, command: CertificateCommand) -> Result<Said, Box<dyn Error>> {
    match command {
        CertificateCommand::Add { user: login, file } => {
            let user = admin.user(&login).await?.id;
            let unreadable = |reason: String| Unreadable { path: file.clone(), reason };
            let size = std::fs::metadata(&file).map_err(|error| unreadable(error.to_string()))?.len();
            if size > MAX_FILE_BYTES {
                return Err(unreadable(format!("{size} bytes are too many for a certificate")).into());
            }
            let bytes = std::fs::read(&file).map_err(|error| unreadable(error.to_string()))?;
            let added = admin.add_certificate(user, &bytes).await?;
            let subject = format!("{} of {login}", added.thumbprint);
            Ok(Said::new(line(&added), certificate(&added)).changed("certificate.add", &subject))
        }
        CertificateCommand::List { user } => {
            let user = admin.user(&user).await?.id;
            Ok(list(&admin.certificates_of(user).await?, line, certificate))
        }
        CertificateCommand::Remove { user, thumbprint } => {
            let id = admin.user(&user).await?.id;
            admin.remove_certificate(id, &thumbprint).await?;
            let text = format!("{thumbprint} opens nothing any more");
            let subject = format!("{thumbprint} of {user}");
            let json = json!({"user": user, "removed": thumbprint});
            Ok(Said::new(text, json).changed("certificate.remove", &subject))
        }
    }
}

fn line(certificate: &LoginCertificate) -> String {
    let LoginCertificate { thumbprint, subject, key, not_after, .. } = certificate;
    format!("{thumbprint}  {key}  until {not_after}  {subject}")
}

fn certificate(certificate: &LoginCertificate) -> Value {
    json!({
        "thumbprint": certificate.thumbprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "key": certificate.key,
        "not_after": certificate.not_after,
    })
}
