//! Powers of attorney under signatures and what their checks found, both ways.

use potok_domain::powers as domain;

use crate::stored::StoredFormError;
use crate::stored::v1::{PowerCheck, Problem, Service, SignedFile, Validation};

impl From<domain::Problem> for Problem {
    fn from(domain::Problem { code, text }: domain::Problem) -> Self {
        Self { code, text }
    }
}

impl From<Problem> for domain::Problem {
    fn from(Problem { code, text }: Problem) -> Self {
        Self { code, text }
    }
}

impl From<domain::SignedFile> for SignedFile {
    fn from(domain::SignedFile { file, signature }: domain::SignedFile) -> Self {
        Self { file: file.into(), signature: signature.into() }
    }
}

impl From<SignedFile> for domain::SignedFile {
    fn from(SignedFile { file, signature }: SignedFile) -> Self {
        Self { file: file.into(), signature: signature.into() }
    }
}

pub(super) fn attached_to_stored(it: domain::AttachedPower) -> Service {
    let domain::AttachedPower { name, sending, signature, ancestors } = it;
    let domain::PowerName { number, issuer_inn, representative_inn } = name;
    Service::PowerOfAttorney {
        number: number.into(),
        issuer_inn,
        representative_inn,
        sending: sending as u8,
        signature: signature.map(Into::into),
        ancestors: ancestors.into_iter().map(Into::into).collect(),
    }
}

pub(super) fn sending(number: u8) -> Result<domain::Sending, StoredFormError> {
    match number {
        1 => Ok(domain::Sending::Metadata),
        2 => Ok(domain::Sending::File),
        3 => Ok(domain::Sending::DocumentContent),
        _ => Err(StoredFormError::UnknownKind { what: format!("way {number} to send a power of attorney") }),
    }
}

pub(super) fn validation_to_stored(it: domain::Validation) -> Validation {
    let check = |it: domain::CheckResult| {
        let (problem, is_error) = match it.finding {
            domain::Finding::Ok => (None, false),
            domain::Finding::Warning(problem) => (Some(problem.into()), false),
            domain::Finding::Error(problem) => (Some(problem.into()), true),
        };
        PowerCheck { name: it.name as u8, problem, is_error }
    };
    match it {
        domain::Validation::Unreadable(problem) => Validation::Unreadable(problem.into()),
        domain::Validation::Failed(problem) => Validation::Failed(problem.into()),
        domain::Validation::Done(results) => Validation::Done(results.into_iter().map(check).collect()),
    }
}

pub(super) fn validation(it: Validation) -> Result<domain::Validation, StoredFormError> {
    let check = |PowerCheck { name: number, problem, is_error }: PowerCheck| {
        let name = domain::CheckName::ALL.into_iter().find(|name| *name as u8 == number);
        let unknown =
            || StoredFormError::UnknownKind { what: format!("check {number} of a power of attorney") };
        let finding = match problem.map(domain::Problem::from) {
            None => domain::Finding::Ok,
            Some(problem) if is_error => domain::Finding::Error(problem),
            Some(problem) => domain::Finding::Warning(problem),
        };
        Ok(domain::CheckResult { name: name.ok_or_else(unknown)?, finding })
    };
    Ok(match it {
        Validation::Unreadable(problem) => domain::Validation::Unreadable(problem.into()),
        Validation::Failed(problem) => domain::Validation::Failed(problem.into()),
        Validation::Done(checks) => {
            domain::Validation::Done(checks.into_iter().map(check).collect::<Result<_, _>>()?)
        }
    })
}
