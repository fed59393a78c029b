//! What became of a document, as the stamps on it say.

use potok_fns::MoscowTime;

/// A participant of an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Name of the organization.
    pub name: String,
    /// INN; empty for those who have none.
    pub inn: String,
    /// KPP; empty for persons.
    pub kpp: String,
}

impl Side {
    /// Name and numbers in one line.
    pub(crate) fn line(&self) -> String {
        let mut line = self.name.clone();
        for (name, value) in [("ИНН", &self.inn), ("КПП", &self.kpp)] {
            if !value.is_empty() {
                line.push_str(&format!(", {name} {value}"));
            }
        }
        line
    }
}

/// What the check of a signature found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is good.
    Valid,
    /// It is not.
    Invalid,
    /// Nobody has looked yet, or the check has not come to an end.
    Unchecked,
}

/// A signature on a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Who signed for whom: «Отправитель», «Получатель», «Оператор».
    pub role: String,
    /// For whom.
    pub side: Side,
    /// Who signed; empty when the certificate names nobody.
    pub signer: String,
    /// The signer's position; may be empty.
    pub position: String,
    /// Serial number of the certificate; empty when the signature cannot be read.
    pub serial: String,
    /// SHA-1 of the certificate, in hexadecimal digits.
    pub thumbprint: String,
    /// Who issued it.
    pub issuer: String,
    /// When it begins and ceases to be valid.
    pub valid: Option<(MoscowTime, MoscowTime)>,
    /// When it was signed: by a time stamp or by the signature's own word, else when it came in.
    pub at: MoscowTime,
    /// What the check found.
    pub verdict: Verdict,
    /// Why the signature is not good; empty for one that is.
    pub remark: String,
    /// The power of attorney that it was given under; empty without one.
    pub power: String,
}

/// Where a document stands, in a few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing out of the ordinary.
    Usual,
    /// It was refused or revoked: printed so that nobody overlooks it.
    Ended,
}

/// What became of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The operator's name.
    pub operator: String,
    /// The id of the document in the exchange.
    pub document_id: String,
    /// Who sent it.
    pub sender: Side,
    /// Who got it; `None` when it stays in one box.
    pub recipient: Option<Side>,
    /// When it was sent; `None` for a draft.
    pub sent_at: Option<MoscowTime>,
    /// When it was delivered.
    pub delivered_at: Option<MoscowTime>,
    /// Signatures in the order in which they were made.
    pub stamps: Vec<Stamp>,
    /// What else became of it, each with its weight: refused, revoked, waiting for a signature.
    pub standings: Vec<(Standing, String)>,
}
