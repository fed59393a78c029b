//! What is asked about counteragents.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use potok_api::Opaque;
use potok_domain::relation::{GroupDepartments, NewGroup, Status};
use potok_types::{
    Attested, BoxId, DepartmentId, GroupId, IndexKey, Invalid, OrgId, TaskId, box_at, id_at, limits,
};
use potok_wire::proto::AcquireCounteragentRequest;
use potok_wire::proto::counteragent_groups::{
    CounteragentGroupToCreate, CounteragentGroupToUpdate, DepartmentsInGroup,
};

use super::words::named;
use crate::BadRequest;

const ANY_PADDING: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, ANY_PADDING);

const STATUSES: [(&str, &[Status]); 4] = [
    ("IsMyCounteragent", &[Status::IsMyCounteragent]),
    ("InvitesMe", &[Status::InvitesMe]),
    ("IsInvitedByMe", &[Status::IsInvitedByMe]),
    ("Rejected", &[Status::RejectsMe, Status::IsRejectedByMe]),
];

/// Characters of what is written with an invitation.
pub const MESSAGE_CHARS: usize = limits::INVITATION_CHARS;
/// Where the name of a new group stands.
pub const NEW_NAME: &str = "CounteragentGroupToCreate.Name";
/// Where the new name of a group stands.
pub const CHANGED_NAME: &str = "CounteragentGroupToUpdate.Name";

/// A place that an answer named; both alphabets of base64, and a space where a program sent `+` bare.
///
/// # Errors
/// [`BadRequest`] in the words that programs know.
pub fn after(key: Option<&Opaque>) -> Result<Option<IndexKey>, BadRequest> {
    let Some(Opaque(text)) = key else { return Ok(None) };
    let text: String = text
        .chars()
        .map(|c| match c {
            '+' | ' ' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    let bytes = URL_SAFE.decode(text.trim()).ok().filter(|bytes| bytes.len() == 24);
    let key =
        bytes.and_then(|bytes| bytes.first_chunk::<8>().map(|key| IndexKey::new(i64::from_be_bytes(*key))));
    match key {
        Some(key) => Ok(Some(key)),
        None => Err(Invalid::attested(Attested::BadCursor, "afterIndexKey", &[]).into()),
    }
}

/// Those who are asked for.
///
/// # Errors
/// [`BadRequest`] names the words that may stand there.
pub fn statuses(word: Option<&str>) -> Result<Option<Vec<Status>>, BadRequest> {
    let Some(word) = word else { return Ok(None) };
    let found = named("query parameter counteragentStatus", word, &STATUSES)?;
    Ok(Some(found.to_vec()))
}

/// A number of items from 1 to 100, which it is when nothing is said.
///
/// # Errors
/// [`BadRequest`] names the parameter and the bounds.
pub fn page_size(name: &str, given: Option<i64>) -> Result<usize, BadRequest> {
    let given = given.unwrap_or(limits::PAGE as i64);
    let size = usize::try_from(given).ok().filter(|size| (1..=limits::PAGE).contains(size));
    size.ok_or_else(|| {
        BadRequest::worded(format!(
            "query parameter {name} has the wrong value {given}: a number from 1 to {} is expected",
            limits::PAGE
        ))
    })
}

/// How many items stand before the page, which is counted from 1.
///
/// # Errors
/// [`BadRequest`] names the parameter.
pub fn before_page(page: Option<i64>, size: usize) -> Result<usize, BadRequest> {
    let page = page.unwrap_or(1);
    let before = usize::try_from(page).ok().and_then(|page| page.checked_sub(1)?.checked_mul(size));
    before.ok_or_else(|| {
        BadRequest::worded(format!(
            "query parameter page has the wrong value {page}: pages are counted from 1"
        ))
    })
}

/// The words to search for, which stand alone.
///
/// # Errors
/// [`BadRequest`] when the middle of the list is asked for too.
pub fn search(words: Option<String>, after: Option<IndexKey>) -> Result<Option<String>, BadRequest> {
    match (words, after) {
        (Some(_), Some(_)) => Err(BadRequest::worded(
            "query parameters query and afterIndexKey exclude each other: a search gives its first page only; make the \
             words longer",
        )),
        (words, _) => Ok(words),
    }
}

/// The group that a parameter names.
///
/// # Errors
/// [`BadRequest`] names the parameter.
pub fn group_id(text: &str) -> Result<GroupId, BadRequest> {
    text.parse().map_err(|_| BadRequest::unreadable_parameter("counteragentGroupId", text))
}

/// The task that a parameter names.
///
/// # Errors
/// [`BadRequest`] names the parameter.
pub fn task_id(text: &str) -> Result<TaskId, BadRequest> {
    text.parse().map_err(|_| BadRequest::unreadable_parameter("taskId", text))
}

/// A text in the query that may not be longer than `most` characters.
///
/// # Errors
/// [`BadRequest`] names the parameter and the bound.
pub fn bounded(name: &str, text: Option<String>, most: usize) -> Result<Option<String>, BadRequest> {
    match text {
        Some(text) if text.chars().count() > most => Err(BadRequest::worded(format!(
            "query parameter {name} is longer than {most} characters: make it shorter"
        ))),
        text => Ok(text.filter(|text| !text.is_empty())),
    }
}

/// A group to be made.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn new_group(posted: CounteragentGroupToCreate) -> Result<NewGroup, BadRequest> {
    let departments =
        posted.departments.map(|given| departments("CounteragentGroupToCreate.Departments", given));
    Ok(NewGroup { name: group_name(NEW_NAME, posted.name)?, departments: departments.transpose()? })
}

/// What is to become of a group: its name and its departments, each only if given.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn group_patch(
    posted: CounteragentGroupToUpdate,
) -> Result<(Option<String>, Option<GroupDepartments>), BadRequest> {
    const PATH: &str = "CounteragentGroupToUpdate.GroupDepartments";
    let name = posted.name.map(|name| group_name(CHANGED_NAME, name)).transpose()?;
    let Some(patch) = posted.group_departments else { return Ok((name, None)) };
    let departments = match (patch.any_department, patch.departments) {
        (true, None) => None,
        (true, Some(given)) if given.department_ids.is_empty() => None,
        (true, Some(_)) => {
            let reason = "AnyDepartment and a list exclude each other: leave the list out, or set AnyDepartment to false";
            return Err(BadRequest::invalid(format!("{PATH}.Departments"), reason));
        }
        (false, Some(given)) => Some(departments(&format!("{PATH}.Departments"), given)?),
        (false, None) => {
            let reason = "required, because AnyDepartment is false: list the departments";
            return Err(BadRequest::invalid(format!("{PATH}.Departments"), reason));
        }
    };
    Ok((name, Some(departments)))
}

fn group_name(path: &str, name: String) -> Result<String, BadRequest> {
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(Invalid::required(path).into());
    }
    if name.chars().count() > limits::GROUP_NAME_CHARS {
        let reason = format!("longer than {} characters; make it shorter", limits::GROUP_NAME_CHARS);
        return Err(BadRequest::invalid(path, reason));
    }
    Ok(name)
}

fn departments(path: &str, given: DepartmentsInGroup) -> Result<BTreeSet<DepartmentId>, BadRequest> {
    let path = format!("{path}.DepartmentIds");
    if given.department_ids.is_empty() {
        let reason = "empty; name at least one department, or let members write to any department";
        return Err(BadRequest::invalid(path, reason));
    }
    let ids = given.department_ids.iter().enumerate();
    let ids = ids.map(|(i, id)| Ok(id_at::<DepartmentId>(format!("{path}[{i}]"), id)?));
    ids.collect()
}

/// Who is invited: by the box, else by the organization, else by the INN.
///
/// # Errors
/// [`BadRequest`] names the field, or says that nobody is named.
pub fn invited(posted: &AcquireCounteragentRequest) -> Result<Invited, BadRequest> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if let Some(text) = given(&posted.box_id) {
        return Ok(Invited::Box(box_at("AcquireCounteragentRequest.BoxId", &text)?));
    }
    if let Some(text) = given(&posted.org_id) {
        return Ok(Invited::Organization(id_at("AcquireCounteragentRequest.OrgId", &text)?));
    }
    given(&posted.inn).map(Invited::Inn).ok_or_else(|| {
        BadRequest::worded(
            "AcquireCounteragentRequest names nobody: give BoxId, OrgId or Inn, at the top of the body and not inside of \
             another object",
        )
    })
}

/// Who is invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invited {
    /// The organization with this box.
    Box(BoxId),
    /// This organization.
    Organization(OrgId),
    /// The organization with this INN that was made last.
    Inn(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::counteragents::index_key;

    #[test]
    fn places_are_read_in_both_alphabets() {
        let key = IndexKey::new(638_899_802_372_984_238);
        let shown = index_key(key, BoxId::from_uuid(potok_types::DepartmentId::ZERO.uuid()));
        assert_eq!(shown.len(), 32);
        for text in [shown.clone(), shown.replace('-', "+").replace('_', "/"), shown.replace('-', " ")] {
            assert_eq!(after(Some(&Opaque(text.clone()))), Ok(Some(key)), "{text}");
        }
        for wrong in ["", "a", "CNvIl9RK0Ik", &shown[1..]] {
            assert!(after(Some(&Opaque(wrong.to_owned()))).is_err(), "{wrong}");
        }
        assert_eq!(after(None), Ok(None));
    }
}
