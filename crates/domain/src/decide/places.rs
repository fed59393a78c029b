//! Boxes and departments that a request names.

use potok_types::{BoxId, ContentRef, DepartmentId};

use super::Rejection;
use crate::command::PostMessage;
use crate::directory::Organization;

/// The letter that is to be made of the template which `command` posts goes from one of its sides to somebody who is there.
pub(super) fn check_letter(
    command: &PostMessage<ContentRef>,
    letter_to: Option<&Organization>,
    letter_proxy: Option<&Organization>,
) -> Result<(), Rejection> {
    let Some(template) = command.template else { return Ok(()) };
    let at = |field: &str| format!("{}.{field}", command.structure);
    if template.from != command.from && Some(template.from) != command.to {
        let reason = "the letter is made by one of the two sides of the template; name FromBoxId or ToBoxId";
        return Err(Rejection::invalid(at("MessageFromBoxId"), reason));
    }
    if template.to == template.from {
        let reason = "the letter would go to its own sender; name another box";
        return Err(Rejection::invalid(at("MessageToBoxId"), reason));
    }
    let to = letter_to.ok_or_else(|| unknown_box(command, "MessageToBoxId", template.to))?;
    if let Some(department) = template.to_department {
        existing_department(command, "MessageToDepartmentId", department, to)?;
    }
    match (template.proxy, template.proxy_department) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Rejection::invalid(
            at("MessageProxyDepartmentId"),
            "there is no intermediate recipient; name its box in MessageProxyBoxId, or leave its department out",
        )),
        (Some(proxy), _) if proxy == template.from || proxy == template.to => Err(Rejection::invalid(
            at("MessageProxyBoxId"),
            "the intermediate recipient is neither the sender nor the recipient; name a third box",
        )),
        (Some(proxy), department) => {
            let found = letter_proxy.ok_or_else(|| unknown_box(command, "MessageProxyBoxId", proxy))?;
            match department {
                Some(department) => {
                    existing_department(command, "MessageProxyDepartmentId", department, found)
                }
                None => Ok(()),
            }
        }
    }
}

pub(super) fn unknown_box(command: &PostMessage<ContentRef>, field: &str, box_id: BoxId) -> Rejection {
    let path = format!("{}.{field}", command.structure);
    Rejection::invalid(path, format!("there is no box {box_id}; look the recipient's box up by INN and KPP"))
}

/// The department that `field` of `command` names is one of `organization`.
pub(super) fn existing_department(
    command: &PostMessage<ContentRef>,
    field: &str,
    department: DepartmentId,
    organization: &Organization,
) -> Result<(), Rejection> {
    if organization.has_department(department) {
        return Ok(());
    }
    let (path, box_id) = (format!("{}.{field}", command.structure), organization.box_id);
    if command.template.is_some() {
        // `PostTemplate` documents no 404.
        let reason =
            format!("box {box_id} has no department {department}; look them up with GetBox, or leave it out");
        return Err(Rejection::invalid(path, reason));
    }
    Err(Rejection::DepartmentNotFound { path, box_id, department })
}
