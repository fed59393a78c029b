//! Whether a power of attorney is good for a signature: rules over what was found out before.

use potok_types::{PowerId, Ticks};

use super::{Party, Power};

/// What is checked, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum CheckName {
    /// The file is of the official format.
    Format = 1,
    /// Who gave it has signed it.
    Signature = 2,
    /// It was handed on by somebody who was allowed to.
    Delegation = 3,
    /// It was given by the organization for which the document is signed.
    Issuer = 4,
    /// It holds at the time.
    Period = 5,
    /// Who signs the document is one of those who got it.
    Confidant = 6,
    /// Nobody took it back.
    Revocation = 7,
}

impl CheckName {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Format,
        Self::Signature,
        Self::Delegation,
        Self::Issuer,
        Self::Period,
        Self::Confidant,
        Self::Revocation,
    ];

    /// As protocols name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Format => "Format",
            Self::Signature => "Signature",
            Self::Delegation => "Delegation",
            Self::Issuer => "Issuer",
            Self::Period => "Period",
            Self::Confidant => "Confidant",
            Self::Revocation => "Revocation",
        }
    }
}

/// What is wrong: a word for programs and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The word.
    pub code: String,
    /// The sentence, in Russian.
    pub text: String,
}

impl Problem {
    /// A problem with this word.
    pub fn new(code: &str, text: impl Into<String>) -> Self {
        Self { code: format!("PowerOfAttorney.{code}"), text: text.into() }
    }
}

/// What one check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Nothing is wrong.
    Ok,
    /// It could not be done here, or not to its end.
    Warning(Problem),
    /// The power is not good.
    Error(Problem),
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// Which one.
    pub name: CheckName,
    /// What it came to.
    pub finding: Finding,
}

/// What is known of a power that came with a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validation {
    /// It is not known what the power says.
    Unreadable(Problem),
    /// The server could not finish the checks.
    Failed(Problem),
    /// It was checked.
    Done(Vec<CheckResult>),
}

impl Validation {
    /// A check found that the power is not good.
    pub fn is_bad(&self) -> bool {
        self.any(|finding| matches!(finding, Finding::Error(_)))
    }

    /// A check could not be done.
    pub fn has_warnings(&self) -> bool {
        self.any(|finding| matches!(finding, Finding::Warning(_)))
    }

    fn any(&self, is: impl Fn(&Finding) -> bool) -> bool {
        match self {
            Self::Done(results) => results.iter().any(|result| is(&result.finding)),
            Self::Unreadable(_) | Self::Failed(_) => false,
        }
    }
}

/// Whether the file of a power was signed by who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureOfPower {
    /// By whom it says, and well.
    Good,
    /// By somebody else.
    OfAnother,
    /// Not at all, or not well.
    Bad,
}

/// Where a power comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From the register, which looked at its signature.
    Register {
        /// When it was taken back, and why.
        revoked: Option<(Ticks, String)>,
    },
    /// From a file that the register does not know.
    File(SignatureOfPower),
}

/// Who signs, as the certificate says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerNamed {
    /// INN of the organization.
    pub organization_inn: Option<String>,
    /// INN of the person.
    pub person_inn: Option<String>,
    /// SNILS of the person, digits only.
    pub snils: Option<String>,
}

/// A power with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The power.
    pub power: Power,
    /// Where it comes from.
    pub origin: Origin,
}

/// Checks the first of `chain` for a signature of `signer` in the name of who has `principal_inn`, at `at`. Behind it in `chain`
/// stand those from which it was handed on, the nearest first, as far as they are known. `signer` is `None` where the certificate
/// does not tell.
pub fn validate(
    chain: &[Tried],
    signer: Option<&SignerNamed>,
    principal_inn: &str,
    at: Ticks,
) -> Vec<CheckResult> {
    let Some(tried) = chain.first() else { return Vec::new() };
    let power = &tried.power;
    let delegation = power.handed_on.is_some().then(|| (CheckName::Delegation, delegation(chain, at)));
    let results = [
        Some((CheckName::Format, Finding::Ok)),
        Some((CheckName::Signature, signature(&tried.origin))),
        delegation,
        Some((CheckName::Issuer, issuer(power, principal_inn))),
        Some((CheckName::Period, period(power, at))),
        Some((CheckName::Confidant, confidant(&power.representatives, signer))),
        Some((CheckName::Revocation, revocation(power.number, &tried.origin, at))),
    ];
    results.into_iter().flatten().map(|(name, finding)| CheckResult { name, finding }).collect()
}

fn signature(origin: &Origin) -> Finding {
    match origin {
        Origin::Register { .. } | Origin::File(SignatureOfPower::Good) => Finding::Ok,
        Origin::File(SignatureOfPower::OfAnother) => {
            error("SignatureOfAnother", "МЧД подписана не доверителем")
        }
        Origin::File(SignatureOfPower::Bad) => error("BadSignature", "Подпись под МЧД недействительна"),
    }
}

fn issuer(power: &Power, inn: &str) -> Finding {
    match power.principals().iter().any(|party| party.is(inn)) {
        true => Finding::Ok,
        false => error("OtherPrincipal", format!("МЧД выдана не организацией с ИНН {inn}")),
    }
}

fn period(power: &Power, at: Ticks) -> Finding {
    if at < power.starts_at {
        return error("NotYetInForce", "Срок действия МЧД ещё не начался");
    }
    if at >= power.ends_at() {
        return error("Expired", "Срок действия МЧД истёк");
    }
    Finding::Ok
}

fn confidant(representatives: &[Party], signer: Option<&SignerNamed>) -> Finding {
    let Some(signer) = signer else {
        return warning(
            "SignerUnknown",
            "Сертификат не называет подписанта: сравнить его с представителем нельзя",
        );
    };
    match representatives.iter().any(|party| is_signer(party, signer)) {
        true => Finding::Ok,
        false => error("OtherRepresentative", "Сертификат подписанта принадлежит не представителю из МЧД"),
    }
}

/// Where both name a number it decides; of a person the SNILS goes first, since every certificate has it.
fn is_signer(party: &Party, signer: &SignerNamed) -> bool {
    let same = |a: Option<&String>, b: Option<&String>| Some(a? == b?);
    let Some(person) = party.person.as_ref().filter(|_| is_human(party)) else {
        return same(party.inn.as_ref(), signer.organization_inn.as_ref()).unwrap_or(false);
    };
    let inn = person.inn.as_ref().or(party.inn.as_ref());
    let by_snils = same(person.snils.as_ref(), signer.snils.as_ref());
    by_snils.or_else(|| same(inn, signer.person_inn.as_ref())).unwrap_or(false)
}

const fn is_human(party: &Party) -> bool {
    matches!(party.kind, super::PartyKind::Person | super::PartyKind::Individual)
}

fn revocation(number: PowerId, origin: &Origin, at: Ticks) -> Finding {
    match origin {
        Origin::Register { revoked: Some((since, _)) } if *since <= at => {
            error("Revoked", format!("МЧД {number} отозвана"))
        }
        Origin::Register { .. } => Finding::Ok,
        Origin::File(_) => warning("NotInRegister", format!("МЧД {number} нет в реестре: отзыв не проверен")),
    }
}

/// Each power of the chain was handed on by somebody who had got the next one and was allowed to, within its period.
fn delegation(chain: &[Tried], at: Ticks) -> Finding {
    let mut weakest = Finding::Ok;
    for (nth, tried) in chain.iter().enumerate() {
        let Some(handed_on) = &tried.power.handed_on else { return weakest };
        let number = tried.power.number;
        let parent = chain.get(nth + 1).filter(|parent| Some(parent.power.number) == handed_on.before());
        let Some(parent) = parent else {
            let text = format!("Доверенности, из которой передана МЧД {number}, нет: цепочка не проверена");
            return warning("UnknownParent", text);
        };
        match link(&tried.power, parent, at) {
            Finding::Ok => {}
            Finding::Warning(problem) => weakest = Finding::Warning(problem),
            Finding::Error(problem) => return Finding::Error(problem),
        }
    }
    weakest
}

fn link(child: &Power, parent: &Tried, at: Ticks) -> Finding {
    let (number, before) = (child.number, &parent.power);
    if !before.may_be_handed_on {
        return error("MayNotBeHandedOn", format!("МЧД {} не допускает передоверия", before.number));
    }
    let is_same = |giver: &Party, taker: &Party| {
        let ids = |party: &Party| SignerNamed {
            organization_inn: party.inn.clone().filter(|_| !is_human(party)),
            person_inn: party.named_inn().map(str::to_owned).filter(|_| is_human(party)),
            snils: party.person.as_ref().and_then(|person| person.snils.clone()),
        };
        is_signer(taker, &ids(giver))
    };
    if !child.issuers.iter().any(|giver| before.representatives.iter().any(|taker| is_same(giver, taker))) {
        return error(
            "BrokenChain",
            format!("МЧД {number} передана не представителем из МЧД {}", before.number),
        );
    }
    if child.starts_at < before.starts_at || child.last_day > before.last_day {
        return error(
            "LongerThanParent",
            format!("МЧД {number} действует дольше, чем МЧД {}", before.number),
        );
    }
    let found = [signature(&parent.origin), revocation(before.number, &parent.origin, at)];
    let is_error = |finding: &&Finding| matches!(finding, Finding::Error(_));
    let worst = found.iter().find(is_error).or_else(|| found.iter().find(|finding| **finding != Finding::Ok));
    worst.cloned().unwrap_or(Finding::Ok)
}

fn error(code: &str, text: impl Into<String>) -> Finding {
    Finding::Error(Problem::new(code, text))
}

fn warning(code: &str, text: impl Into<String>) -> Finding {
    Finding::Warning(Problem::new(code, text))
}
