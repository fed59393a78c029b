//! What the check of a signature found, for people.

use std::fmt;

use potok_cms::key::SignatureAlgorithm;
use potok_cms::{
    Certificate, ChainElement, Civil, DigestAlgorithm, Language, ListState, SignerVerification, UnixTime,
    Verification,
};
use potok_domain::PowerOfAttorney;
use potok_operator::power_of_attorney;

/// Who signed, when, by what right, and what is wrong.
pub(crate) struct Report<'a> {
    pub(crate) verification: &'a Verification,
    /// INN of the organization that is said to have signed.
    pub(crate) inn: Option<&'a str>,
    pub(crate) language: Language,
}

impl Report<'_> {
    fn say(&self, russian: &'static str, english: &'static str) -> &'static str {
        match self.language {
            Language::Russian => russian,
            Language::English => english,
        }
    }

    fn signer(&self, f: &mut impl fmt::Write, signer: &SignerVerification) -> fmt::Result {
        if let Some(certificate) = &signer.certificate {
            self.certificate(f, certificate)?;
        }
        if let Some(algorithm) = signer.algorithm {
            writeln!(f, "  {}: {}", self.say("алгоритм", "algorithm"), name(algorithm))?;
        }
        if let Some(time) = signer.signing_time {
            writeln!(f, "  {}: {}", self.say("подписано", "signed"), moment(time))?;
        }
        if let Some(time) = signer.proven_time() {
            writeln!(f, "  {}: {}", self.say("штамп времени", "time stamp"), moment(time))?;
        }
        if let (Some(certificate), Some(inn)) = (&signer.certificate, self.inn) {
            self.authority(f, certificate, inn)?;
        }
        if let Some(chain) = &signer.chain {
            writeln!(f, "  {}:", self.say("цепочка", "chain"))?;
            for element in &chain.elements {
                let certificate = &element.certificate;
                let name = certificate.subject().common_name().unwrap_or("?");
                writeln!(f, "    {name} ({}): {}", certificate.thumbprint(), element.text(self.language))?;
            }
        }
        for element in signer.chain.iter().flat_map(|chain| &chain.elements) {
            self.list(f, element)?;
        }
        for problem in &signer.problems {
            let kind = match problem.is_error() {
                true => self.say("ошибка", "error"),
                false => self.say("замечание", "remark"),
            };
            writeln!(f, "  {kind}: {}", problem.text(self.language))?;
        }
        Ok(())
    }

    /// Whether the certificate is of the organization.
    fn authority(&self, f: &mut impl fmt::Write, certificate: &Certificate, inn: &str) -> fmt::Result {
        let found = match power_of_attorney(certificate, inn, None) {
            PowerOfAttorney::RequiredOfPerson => self.say(
                "нет: это сертификат физического лица, нужна доверенность",
                "no: it is a person's, a power of attorney is needed",
            ),
            PowerOfAttorney::Required if certificate.subject().inn().is_none() => {
                self.say("нет: в сертификате нет ИНН", "no: it names no INN")
            }
            PowerOfAttorney::Required => self.say(
                "нет: это сертификат другого лица, возможно, нужна доверенность",
                "no: it is somebody else's, a power of attorney may be needed",
            ),
            PowerOfAttorney::NotRequired | PowerOfAttorney::Attached => self.say("да", "yes"),
        };
        let question =
            self.say("сертификат принадлежит организации с ИНН", "certificate of the organization with INN");
        writeln!(f, "  {question} {inn}: {found}")
    }

    /// What revocation lists do not tell of a certificate.
    fn list(&self, f: &mut impl fmt::Write, element: &ChainElement) -> fmt::Result {
        let name = element.certificate.subject().common_name().unwrap_or("?");
        let remark = self.say("замечание", "remark");
        let unknown = self
            .say("неизвестно, отозван ли сертификат", "it is not known whether this certificate is revoked");
        match element.list {
            ListState::NotNeeded | ListState::Current => Ok(()),
            ListState::Outdated(due) => {
                let why = self.say("список отозванных устарел", "the revocation list is out of date since");
                writeln!(f, "  {remark}: {unknown} {name}: {why} {}", moment(due))
            }
            ListState::Missing => {
                let why = self.say("нет списка отозванных", "there is no revocation list");
                writeln!(f, "  {remark}: {unknown} {name}: {why}")
            }
        }
    }

    fn certificate(&self, f: &mut impl fmt::Write, certificate: &Certificate) -> fmt::Result {
        let subject = certificate.subject();
        let person =
            [subject.surname(), subject.given_name()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let who = if person.is_empty() { subject.common_name().unwrap_or("?").to_owned() } else { person };
        writeln!(f, "  {}: {who}", self.say("подписант", "signer"))?;
        for (russian, english, value) in [
            ("должность", "position", subject.title()),
            ("организация", "organization", subject.organization()),
            ("ИНН", "INN", subject.inn()),
            ("СНИЛС", "SNILS", subject.snils()),
            ("издатель", "issuer", certificate.issuer().common_name()),
        ] {
            if let Some(value) = value {
                writeln!(f, "  {}: {value}", self.say(russian, english))?;
            }
        }
        let number = self.say("сертификат", "certificate");
        let (from, to) = (moment(certificate.not_before()), moment(certificate.not_after()));
        writeln!(f, "  {number}: {}, {from} – {to}", certificate.serial_hex())
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verification.is_valid() {
            true => self.say("Подпись верна", "The signature is good"),
            false => self.say("Подпись неверна", "The signature is bad"),
        };
        write!(f, "{verdict}")?;
        for signer in &self.verification.signers {
            writeln!(f)?;
            let mut lines = String::new();
            self.signer(&mut lines, signer)?;
            write!(f, "{}", lines.trim_end())?;
        }
        Ok(())
    }
}

fn name(algorithm: SignatureAlgorithm) -> String {
    match algorithm {
        SignatureAlgorithm::Gost(DigestAlgorithm::Streebog512) => "GOST R 34.10-2012 (512)".to_owned(),
        SignatureAlgorithm::Gost(_) => "GOST R 34.10-2012 (256)".to_owned(),
        SignatureAlgorithm::RsaPkcs1(digest) => format!("RSA, {}", digest.name()),
        SignatureAlgorithm::RsaPss { digest, .. } => format!("RSA-PSS, {}", digest.name()),
        SignatureAlgorithm::Ecdsa(digest) => format!("ECDSA, {}", digest.name()),
    }
}

fn moment(time: UnixTime) -> String {
    let Civil { year, month, day, hour, minute, second } = time.to_civil();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}
