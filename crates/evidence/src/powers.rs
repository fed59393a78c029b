//! What a package proves of the powers of attorney under which was signed.

use potok_cms::{Certificate, Civil, Content, SignedData, UnixTime};
use potok_fns::FnsDate;
use potok_fns::power::{HandedOn, Party, PowerFile};

use crate::manifest::{Manifest, PowerNote, RegisterNote};
use crate::time;
use crate::verify::{Findings, Package};
use crate::words::{Weight, problems, who};

impl Package {
    pub(crate) fn powers(&self, manifest: &Manifest, findings: &mut Findings) {
        for note in &manifest.powers_of_attorney {
            let (number, of) = (&note.number, &note.of);
            if note.file.is_empty() {
                findings.tell(
                    Weight::Remark,
                    format!("подпись «{of}» сделана по доверенности {number}: она только названа, её действие смотрите в реестре"),
                    format!("signature {of:?} names power of attorney {number}: it did not come along, look it up in the register"),
                );
            } else {
                self.power(manifest, note, findings);
            }
            if let Some(register) = &note.register {
                tell_register(number, register, self.signed_at(manifest, of), findings);
            }
        }
    }

    /// A power whose file is here: who gave it, to whom and until when, and whether that fits the signature.
    fn power(&self, manifest: &Manifest, note: &PowerNote, findings: &mut Findings) {
        let (number, of) = (&note.number, &note.of);
        let not_proven = |findings: &mut Findings, ru: &str, en: &str| {
            findings.tell(
                Weight::NotProven,
                format!("доверенность {number} к подписи «{of}»: {ru}"),
                format!("power of attorney {number} of signature {of:?}: {en}"),
            );
        };
        let file = self.files.get(&note.file).map(Vec::as_slice).unwrap_or_default();
        let signature = self.files.get(&note.signature).map(Vec::as_slice).unwrap_or_default();
        let Ok(signed) = SignedData::parse(signature) else {
            return not_proven(
                findings,
                "файл не подписан так, чтобы это можно было проверить",
                "its file has no signature that can be checked",
            );
        };
        let at = self.signed_at(manifest, of).unwrap_or(self.now);
        let found = signed.verify(Content::Bytes(file), at, &self.trust);
        if !found.is_signature_of_content() {
            let (ru, en) = problems(found.first());
            let (ru, en) = (
                format!("подпись под её файлом неверна: {ru}"),
                format!("the signature over its file is bad: {en}"),
            );
            return not_proven(findings, &ru, &en);
        }
        let power = match PowerFile::parse(file) {
            Ok(power) => power,
            Err(fault) => {
                return not_proven(
                    findings,
                    &format!("её файл не читается: {}", fault.text_ru()),
                    &format!("its file cannot be read: {fault}"),
                );
            }
        };
        let said = power.number.to_string();
        if said != *number {
            return not_proven(
                findings,
                &format!("её файл называет другой номер: {said}"),
                &format!("its file says another number: {said}"),
            );
        }
        let (signer_ru, signer) = who(found.first());
        if !found.is_valid() {
            let (ru, en) = self.doubt(found.first());
            let ru = format!("она подписана ключом «{signer_ru}», но чей это ключ, не доказано: {ru}");
            let en = format!("it is signed by a key of «{signer}»; whose key that is, is not proven: {en}");
            return not_proven(findings, &ru, &en);
        }
        let giver = found.first().certificate.as_ref();
        if !giver.is_some_and(|giver| power.principals.iter().any(|party| is_of(party, giver))) {
            return not_proven(
                findings,
                &format!("её подписал не доверитель, а {signer_ru}"),
                &format!("it was signed by {signer}, who is not the one who gives it"),
            );
        }
        let (from, until) = (power.issued_on, power.expires_on);
        if !moscow_day(at).is_some_and(|day| from <= day && day <= until) {
            return not_proven(
                findings,
                &format!("она действует с {from} по {until}, подпись поставлена в другой день"),
                &format!("it holds from {from} to {until}, and the signature is of another day"),
            );
        }
        if let Some((ru, en)) = self.misfit(manifest, note, &power) {
            return not_proven(findings, ru, en);
        }
        findings.tell(
            Weight::Proven,
            format!("доверенность {number} к подписи «{of}» дал {signer_ru}; она действует с {from} по {until}"),
            format!("power of attorney {number} of signature {of:?} was given by {signer}; it holds from {from} to {until}"),
        );
    }

    /// Why a power does not let whoever signed act for whom he signed. Those from which it was handed on are asked by it.
    fn misfit(
        &self,
        manifest: &Manifest,
        note: &PowerNote,
        power: &PowerFile,
    ) -> Option<(&'static str, &'static str)> {
        if note.is_ancestor {
            return None;
        }
        let is_signer = |signer: Certificate| power.representatives.iter().any(|party| is_of(party, &signer));
        if !self.signer_of(&note.of).is_some_and(is_signer) {
            return Some(("подписал не тот, кому она выдана", "who signed is none of those who got it"));
        }
        let before = power.handed_on.as_ref().and_then(HandedOn::before);
        let parent = before.map(|number| self.ancestor(manifest, &note.of, &number.to_string()));
        if let Some(parent) = &parent {
            let hands_on = |parent: &PowerFile| {
                let got = &parent.representatives;
                parent.may_be_handed_on
                    && power.principals.iter().any(|giver| got.iter().any(|party| is_same(party, giver)))
            };
            if !parent.as_ref().is_some_and(hands_on) {
                return Some((
                    "она передана из другой, а той, по которой её можно было передать, здесь нет",
                    "it was handed on, and the power by which that was allowed is not here",
                ));
            }
        }
        let signed = manifest.signatures.iter().find(|signed| signed.file == note.of)?;
        let inn = &manifest.parties.iter().find(|party| party.box_id == signed.box_id)?.inn;
        let handed_on = power.handed_on.as_ref().map(|handed_on| &handed_on.root_issuers);
        let givers = handed_on.filter(|root| !root.is_empty()).unwrap_or(&power.principals);
        (!givers.iter().any(|party| party.is(inn))).then_some((
            "её выдала не та организация, от имени которой подписано",
            "it was not given by the organization in whose name was signed",
        ))
    }

    /// The power with this number that came along as one from which another was handed on.
    fn ancestor(&self, manifest: &Manifest, of: &str, number: &str) -> Option<PowerFile> {
        let mut notes = manifest.powers_of_attorney.iter();
        let note = notes.find(|note| note.is_ancestor && note.of == of && note.number == number)?;
        PowerFile::parse(self.files.get(&note.file)?).ok()
    }

    /// When a signature came in.
    fn signed_at(&self, manifest: &Manifest, file: &str) -> Option<UnixTime> {
        let note = manifest.signatures.iter().find(|note| note.file == *file)?;
        time::parse(&note.at)
    }

    fn signer_of(&self, file: &str) -> Option<Certificate> {
        let signed = SignedData::parse(self.files.get(file)?).ok()?;
        signed.signer_certificate().cloned()
    }
}

/// What the register said when the package was made: the word of the operator, who signed the manifest.
fn tell_register(
    number: &str,
    register: &RegisterNote,
    signed_at: Option<UnixTime>,
    findings: &mut Findings,
) {
    let RegisterNote { asked_at, standing, revoked_at, reason } = register;
    let revoked = revoked_at.as_deref().and_then(time::parse);
    if let (Some(revoked), Some(signed_at)) = (revoked, signed_at)
        && revoked <= signed_at
    {
        let since = revoked_at.as_deref().unwrap_or_default();
        findings.tell(
            Weight::NotProven,
            format!("доверенность {number} отозвана {since}, до подписи: {reason}"),
            format!("power of attorney {number} was revoked {since}, before the signature: {reason}"),
        );
        return;
    }
    let (ru, en) = match standing.as_str() {
        RegisterNote::UNKNOWN => ("её нет", "did not have it"),
        "created" => ("срок её действия ещё не начался", "said that its term has not begun"),
        "active" => ("она действует", "said that it is in force"),
        "expired" => ("срок её действия истёк", "said that its term is over"),
        "revoked" => ("она отозвана после подписи", "said that it was revoked after the signature"),
        _ => ("её состояние неизвестно", "said something that is not known here"),
    };
    findings.tell(
        Weight::Remark,
        format!("по реестру оператора на {asked_at} о доверенности {number}: {ru}; это его слова, сверьте с государственным реестром"),
        format!("the operator's register, asked {asked_at} about power of attorney {number}, {en}; that is its word, compare the state's register"),
    );
}

/// Whether a party of a power is whom a certificate names: of a person SNILS or INN decide, of an organization its INN.
fn is_of(party: &Party, certificate: &Certificate) -> bool {
    let subject = certificate.subject();
    let snils: Option<String> =
        subject.snils().map(|snils| snils.chars().filter(char::is_ascii_digit).collect());
    let person = party.person.as_ref();
    let is_organization = subject.legal_inn().is_some_and(|inn| party.inn.as_deref() == Some(inn));
    let is_person = snils.is_some() && person.and_then(|person| person.snils.as_ref()) == snils.as_ref();
    let own = person.and_then(|person| person.inn.as_deref()).or(party.inn.as_deref());
    is_organization || is_person || subject.person_inn().is_some_and(|inn| own == Some(inn))
}

/// Whether two powers name the same one.
fn is_same(one: &Party, other: &Party) -> bool {
    let snils = |party: &Party| party.person.as_ref().and_then(|person| person.snils.clone());
    let by_inn = one.named_inn().is_some_and(|inn| other.is(inn));
    by_inn || snils(one).is_some_and(|number| snils(other) == Some(number))
}

/// The day in Moscow.
fn moscow_day(at: UnixTime) -> Option<FnsDate> {
    let Civil { year, month, day, .. } = UnixTime(at.0 + 3 * 3600).to_civil();
    FnsDate::parse(&format!("{day:02}.{month:02}.{year:04}"))
}
