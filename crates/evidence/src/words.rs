//! What was found about a package, in Russian and in English.

use potok_cms::{Certificate, Language, SignerVerification};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It is proven.
    Proven,
    /// Worth knowing; it changes nothing about what is proven.
    Remark,
    /// It may be so, and the package does not prove it.
    NotProven,
    /// Something is not as it was when the package was made.
    Broken,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub weight: Weight,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl Finding {
    pub(crate) fn new(weight: Weight, ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self { weight, ru: ru.into(), en: en.into() }
    }

    /// In one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Russian => &self.ru,
            Language::English => &self.en,
        }
    }
}

/// Who signed, as the certificate says: the person, the position, the organization, its INN; in both languages, which differ in what
/// an INN is called.
pub(crate) fn who(signer: &SignerVerification) -> (String, String) {
    let named = |inn: &str| signer.certificate.as_ref().map_or_else(|| "?".to_owned(), |it| named(it, inn));
    (named("ИНН"), named("INN"))
}

fn named(certificate: &Certificate, inn_is: &str) -> String {
    let subject = certificate.subject();
    let person =
        [subject.surname(), subject.given_name()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let organization = subject.organization().or_else(|| subject.common_name());
    let inn = subject.inn().map(|inn| format!("{inn_is} {inn}"));
    let parts = [Some(person), subject.title().map(str::to_owned), organization.map(str::to_owned), inn];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "?".to_owned() } else { parts.join(", ") }
}

/// What is wrong with a signature, in both languages.
pub(crate) fn problems(signer: &SignerVerification) -> (String, String) {
    let errors = || signer.problems.iter().filter(|problem| problem.is_error());
    let text = |language| errors().map(|problem| problem.text(language)).collect::<Vec<_>>().join("; ");
    (text(Language::Russian), text(Language::English))
}
