//! Powers of attorney: what they say, what became of their registration, whether they are good.

use potok_domain::powers::{
    Finding, Granted, HandedOn, Party, PartyKind, Power, PowerName, PowerPerson, Problem, Standing,
    Validation,
};
use potok_types::Ticks;
use potok_wire::proto::employees::powers_of_attorney::EmployeePowerOfAttorney;
use potok_wire::proto::powers_of_attorney::{
    self as proto, PowerOfAttorney, PowerOfAttorneyConfidant, PowerOfAttorneyConfidantOrganization,
    PowerOfAttorneyDelegationInfo, PowerOfAttorneyFullId, PowerOfAttorneyIssuer,
    PowerOfAttorneyIssuerForeignEntity, PowerOfAttorneyIssuerIndividualEntity,
    PowerOfAttorneyIssuerLegalEntity, PowerOfAttorneyIssuerLegalEntitySubsidiary,
    PowerOfAttorneyIssuerPhysicalEntity, PowerOfAttorneyIssuerType, PowerOfAttorneyLegalEntitySubsidiaryHead,
    PowerOfAttorneyMachineReadablePermission, PowerOfAttorneyOperationError, PowerOfAttorneyPermissions,
    PowerOfAttorneyPermissionsInfo, PowerOfAttorneyRegisterResult, PowerOfAttorneyRepresentative,
    PowerOfAttorneyRepresentativeForeignLegalSubsidiaryEntity, PowerOfAttorneyRepresentativeIndividualEntity,
    PowerOfAttorneyRepresentativeLegalEntity, PowerOfAttorneyRepresentativePhysicalEntity,
    PowerOfAttorneyRepresentativeType, PowerOfAttorneyRestrictions, PowerOfAttorneyStatus,
    PowerOfAttorneyValidationCheckStatus, PowerOfAttorneyValidationError, PowerOfAttorneyValidationStatus,
    PowerOfAttorneyValidationStatusNamedId, ValidationCheckResult, ValidationProtocol,
};
use potok_wire::proto::{DateTimeOffsetDto, FullName, Severity, Timestamp};

/// How far Moscow is ahead of UTC.
const MOSCOW_TICKS: i64 = 3 * 3600 * Ticks::PER_SECOND;

/// `PowerOfAttorneyFullId`.
pub fn full_id(name: &PowerName) -> PowerOfAttorneyFullId {
    PowerOfAttorneyFullId {
        registration_number: name.number.to_string(),
        issuer_inn: name.issuer_inn.clone(),
        representative_inn: name.representative_inn.clone(),
    }
}

/// `PowerOfAttorney`; `ancestors` are those from which it was handed on, the nearest first.
pub fn power<'a>(power: &Power, ancestors: impl IntoIterator<Item = &'a Power>) -> PowerOfAttorney {
    let first = |all: &[Party]| all.first().cloned();
    // The last second of the last day: who compares moments does not lose it.
    let ends_at = power.ends_at().plus_seconds(-1);
    PowerOfAttorney {
        full_id: full_id(&power.name()),
        issuer: first(&power.issuers).map(|party| issuer(&party)).unwrap_or_default(),
        confidant: confidant(&power.representatives),
        start_at: Timestamp { ticks: power.starts_at.get() },
        expire_at: Timestamp { ticks: ends_at.get() },
        system: power.system.clone(),
        id_file: Some(power.file_id.clone()),
        delegation_chain: ancestors.into_iter().map(|it| self::power(it, [])).collect(),
        permissions_info: granted(&power.granted),
        delegation_info: power.handed_on.as_ref().and_then(delegation),
        representatives: power.representatives.iter().map(representative).collect(),
        start_at_by_moscow: moscow(power.starts_at),
        expire_at_by_moscow: moscow(ends_at),
    }
}

const fn moscow(at: Ticks) -> DateTimeOffsetDto {
    DateTimeOffsetDto { utc_ticks: at.get(), offset_ticks: MOSCOW_TICKS }
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn full_name(person: Option<&PowerPerson>) -> FullName {
    let person = person.cloned().unwrap_or_default();
    FullName { last_name: person.last_name, first_name: person.first_name, middle_name: person.middle_name }
}

fn issuer(party: &Party) -> PowerOfAttorneyIssuer {
    let inn = party.named_inn().unwrap_or_default().to_owned();
    let name = text(party.name.as_ref());
    let mut shown = PowerOfAttorneyIssuer::default();
    let kind = match party.kind {
        PartyKind::LegalEntity => {
            let kpp = text(party.kpp.as_ref());
            shown.legal_entity = Some(PowerOfAttorneyIssuerLegalEntity { inn, kpp, organization_name: name });
            PowerOfAttorneyIssuerType::LegalEntity
        }
        PartyKind::Foreign | PartyKind::ForeignBranch => {
            let (inn, kpp) = (party.inn.clone(), party.kpp.clone());
            shown.foreign_entity =
                Some(PowerOfAttorneyIssuerForeignEntity { inn, kpp, organization_name: name });
            PowerOfAttorneyIssuerType::ForeignEntity
        }
        PartyKind::Individual => {
            let organization_name = party.name.clone().unwrap_or_else(|| words(party.person.as_ref()));
            shown.individual_entity = Some(PowerOfAttorneyIssuerIndividualEntity { inn, organization_name });
            PowerOfAttorneyIssuerType::IndividualEntity
        }
        PartyKind::Person => {
            let person_name = Some(full_name(party.person.as_ref()));
            shown.physical_entity = Some(PowerOfAttorneyIssuerPhysicalEntity { inn, person_name });
            PowerOfAttorneyIssuerType::PhysicalEntity
        }
        PartyKind::Branch => {
            let inn_fl = party.person.as_ref().and_then(|person| person.inn.clone());
            shown.legal_entity_subsidiary = Some(PowerOfAttorneyIssuerLegalEntitySubsidiary {
                organization_name: name,
                inn_ul: text(party.inn.as_ref()),
                kpp: text(party.kpp.as_ref()),
                ogrn: text(party.ogrn.as_ref()),
                legal_entity_subsidiary_head: PowerOfAttorneyLegalEntitySubsidiaryHead { inn_fl },
            });
            PowerOfAttorneyIssuerType::LegalEntitySubsidiary
        }
    };
    shown.r#type = Some(kind as i32);
    shown
}

/// Family name, given name and patronymic.
fn words(person: Option<&PowerPerson>) -> String {
    let FullName { last_name, first_name, middle_name } = full_name(person);
    let parts = [last_name, first_name, middle_name.unwrap_or_default()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The obsolete way to show who got a power: the first person, and the first organization.
fn confidant(representatives: &[Party]) -> PowerOfAttorneyConfidant {
    let human =
        representatives.iter().find(|party| party.person.is_some()).or_else(|| representatives.first());
    let organization =
        representatives.iter().find(|party| !matches!(party.kind, PartyKind::Person | PartyKind::Individual));
    PowerOfAttorneyConfidant {
        person_name: full_name(human.and_then(|party| party.person.as_ref())),
        inn: human.and_then(Party::named_inn).unwrap_or_default().to_owned(),
        organization: organization.map(|party| PowerOfAttorneyConfidantOrganization {
            inn: text(party.inn.as_ref()),
            kpp: party.kpp.clone(),
            name: text(party.name.as_ref()),
        }),
    }
}

fn representative(party: &Party) -> PowerOfAttorneyRepresentative {
    let mut shown = PowerOfAttorneyRepresentative::default();
    let legal = || PowerOfAttorneyRepresentativeLegalEntity {
        inn: party.inn.clone(),
        kpp: text(party.kpp.as_ref()),
        organization_name: text(party.name.as_ref()),
        physical_entity: party.person.iter().map(|person| physical(person, person.inn.clone())).collect(),
    };
    let kind = match party.kind {
        PartyKind::LegalEntity => {
            shown.legal_entity = Some(legal());
            PowerOfAttorneyRepresentativeType::RepresentativeLegalEntity
        }
        PartyKind::Branch => {
            shown.legal_entity_subsidiary = Some(legal());
            PowerOfAttorneyRepresentativeType::RepresentativeLegalEntitySubsidiary
        }
        PartyKind::Individual => {
            shown.individual_entity = Some(PowerOfAttorneyRepresentativeIndividualEntity {
                inn: party.named_inn().unwrap_or_default().to_owned(),
                organization_name: party.name.clone().unwrap_or_else(|| words(party.person.as_ref())),
            });
            PowerOfAttorneyRepresentativeType::RepresentativeIndividualEntity
        }
        PartyKind::Person => {
            let inn = party.named_inn().map(str::to_owned);
            shown.physical_entity = party.person.as_ref().map(|person| physical(person, inn));
            PowerOfAttorneyRepresentativeType::RepresentativePhysicalEntity
        }
        PartyKind::Foreign | PartyKind::ForeignBranch => {
            shown.foreign_legal_entity_subsidiary =
                Some(PowerOfAttorneyRepresentativeForeignLegalSubsidiaryEntity {
                    inn: party.inn.clone(),
                    kpp: party.kpp.clone(),
                    organization_name: text(party.name.as_ref()),
                });
            PowerOfAttorneyRepresentativeType::RepresentativeForeignLegalEntitySubsidiary
        }
    };
    shown.r#type = Some(kind as i32);
    shown
}

fn physical(person: &PowerPerson, inn: Option<String>) -> PowerOfAttorneyRepresentativePhysicalEntity {
    PowerOfAttorneyRepresentativePhysicalEntity { inn, person_name: full_name(Some(person)) }
}

fn granted(granted: &Granted) -> PowerOfAttorneyPermissionsInfo {
    let code = |code: &potok_domain::powers::CodedPower| PowerOfAttorneyMachineReadablePermission {
        mnemonic: code.mnemonic.clone(),
        code: code.code.clone(),
        name: code.name.clone(),
        restrictions: code
            .restrictions
            .iter()
            .map(|it| PowerOfAttorneyRestrictions {
                id: it.id,
                code: it.code.clone(),
                name: it.name.clone(),
                value_name: it.value_name.clone(),
                value_code: it.value_code.clone(),
                value_text: it.value_text.clone(),
            })
            .collect(),
    };
    PowerOfAttorneyPermissionsInfo {
        permissions: vec![PowerOfAttorneyPermissions {
            r#type: granted.kind.clone(),
            text_permission: granted.text.clone(),
            machine_readable_permission: granted.codes.iter().map(code).collect(),
        }],
        transfer_permission_loss: granted.loss.clone(),
        joint_permissions: granted.joint.clone(),
    }
}

/// A power that comes from one without a number has nothing to show there.
fn delegation(handed_on: &HandedOn) -> Option<PowerOfAttorneyDelegationInfo> {
    Some(PowerOfAttorneyDelegationInfo {
        root_registration_number: handed_on.root?.to_string(),
        parent_registration_number: handed_on.parent.map(|number| number.to_string()),
        root_issuers: handed_on.root_issuers.iter().map(issuer).collect(),
    })
}

/// `EmployeePowerOfAttorney`.
pub fn at_hand<'a>(
    power: &Power,
    ancestors: impl IntoIterator<Item = &'a Power>,
    is_default: bool,
) -> EmployeePowerOfAttorney {
    EmployeePowerOfAttorney { power_of_attorney: self::power(power, ancestors), is_default }
}

/// `PowerOfAttorneyRegisterResult` of a power that is in the register and stands as `standing`, which was looked up at `at`.
pub fn registered<'a>(
    power: &Power,
    ancestors: impl IntoIterator<Item = &'a Power>,
    standing: Standing,
    at: Ticks,
) -> PowerOfAttorneyRegisterResult {
    let last_check_at = Some(Timestamp { ticks: at.get() });
    PowerOfAttorneyRegisterResult {
        operation_status: "Done".to_owned(),
        power_of_attorney: Some(Box::new(self::power(power, ancestors))),
        status: Some(PowerOfAttorneyStatus { status: standing.as_str().to_owned(), last_check_at }),
        errors: Vec::new(),
    }
}

/// `PowerOfAttorneyRegisterResult` of one that is not.
pub fn not_registered(code: String, text: String) -> PowerOfAttorneyRegisterResult {
    PowerOfAttorneyRegisterResult {
        operation_status: "Error".to_owned(),
        errors: vec![PowerOfAttorneyOperationError { code, text }],
        ..PowerOfAttorneyRegisterResult::default()
    }
}

/// `PowerOfAttorneyPrevalidateResult`.
pub fn prevalidated(validation: &Validation) -> proto::PowerOfAttorneyPrevalidateResult {
    proto::PowerOfAttorneyPrevalidateResult { prevalidate_status: self::validation(validation) }
}

/// `PowerOfAttorneyValidationStatus`.
pub fn validation(validation: &Validation) -> PowerOfAttorneyValidationStatus {
    use PowerOfAttorneyValidationStatusNamedId as Id;
    let (severity, id, words, problem) = match validation {
        Validation::Unreadable(problem) => {
            (Severity::Error, Id::CanNotBeValidated, "МЧД не может быть проверена", Some(problem))
        }
        Validation::Failed(problem) => {
            (Severity::Warning, Id::ValidationError, "При проверке МЧД произошла ошибка", Some(problem))
        }
        bad if bad.is_bad() => (Severity::Error, Id::IsNotValid, "МЧД недействительна", None),
        doubtful if doubtful.has_warnings() => {
            (Severity::Warning, Id::HasWarnings, "МЧД проверена с предупреждениями", None)
        }
        Validation::Done(_) => (Severity::Success, Id::IsValid, "МЧД действительна", None),
    };
    let results = match validation {
        Validation::Done(results) => &results[..],
        Validation::Unreadable(_) | Validation::Failed(_) => &[],
    };
    let check = |result: &potok_domain::powers::CheckResult| {
        let (status, problem) = match &result.finding {
            Finding::Ok => (PowerOfAttorneyValidationCheckStatus::Ok, None),
            Finding::Warning(problem) => (PowerOfAttorneyValidationCheckStatus::Warning, Some(problem)),
            Finding::Error(problem) => (PowerOfAttorneyValidationCheckStatus::Error, Some(problem)),
        };
        ValidationCheckResult {
            status: Some(status as i32),
            name: result.name.as_str().to_owned(),
            error: problem.map(error),
        }
    };
    let checks: Vec<ValidationCheckResult> = results.iter().map(check).collect();
    #[expect(deprecated, reason = "programs from before the protocol read it")]
    PowerOfAttorneyValidationStatus {
        severity: Some(severity as i32),
        status_named_id: Some(id as i32),
        status_text: Some(words.to_owned()),
        errors: checks.iter().filter_map(|check| check.error.clone()).collect(),
        validation_protocol: (!checks.is_empty()).then_some(ValidationProtocol { check_results: checks }),
        operation_error: problem.map(error),
    }
}

fn error(problem: &Problem) -> PowerOfAttorneyValidationError {
    PowerOfAttorneyValidationError { code: problem.code.clone(), text: problem.text.clone() }
}
