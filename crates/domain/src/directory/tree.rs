//! Departments of an organization: what may be made of them.

use potok_types::{DepartmentId, Invalid, Ticks, limits};

use super::{Address, Department, DepartmentInUse, DirectoryConflict, Organization, Routing};

/// A department to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDepartment {
    /// Its parent; zero: the head.
    pub parent: DepartmentId,
    /// Its name.
    pub name: String,
    /// Short name.
    pub abbreviation: String,
    /// Its own tax registration code.
    pub kpp: Option<String>,
    /// Where it is.
    pub address: Option<Address>,
    /// Which incoming documents come to lie in it.
    pub routing: Routing,
}

/// Changes of a department; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DepartmentPatch {
    /// Its parent.
    pub parent: Option<DepartmentId>,
    /// Name and short name.
    pub naming: Option<(String, String)>,
    /// Its own tax registration code, or none.
    pub kpp: Option<Option<String>>,
    /// Where it is, or nothing of that.
    pub address: Option<Option<Address>>,
    /// Which incoming documents come to lie in it.
    pub routing: Option<Routing>,
}

/// Why a department is not made or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DepartmentRefusal {
    /// The organization has no such department.
    #[error("there is no department {0}")]
    Unknown(DepartmentId),
    /// A value cannot be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It does not fit to what is there.
    #[error(transparent)]
    Conflict(#[from] DirectoryConflict),
}

/// Whether `text` is a tax registration reason code: nine characters, of which the fifth and sixth may be letters.
pub fn is_kpp(text: &str) -> bool {
    let is_right = |(place, byte): (usize, u8)| {
        byte.is_ascii_digit() || (4..6).contains(&place) && byte.is_ascii_uppercase()
    };
    text.len() == 9 && text.bytes().enumerate().all(is_right)
}

fn check(department: &Department, structure: &str) -> Result<(), Invalid> {
    let invalid = |field: &str, reason: String| Err(Invalid::new(format!("{structure}.{field}"), reason));
    if department.name.trim().is_empty() {
        return invalid("Name", "a department needs a name".to_owned());
    }
    for (field, text) in [("Name", &department.name), ("Abbreviation", &department.abbreviation)] {
        let length = text.chars().count();
        if length > limits::NAME_CHARS {
            return invalid(field, format!("{length} characters: at most {} fit", limits::NAME_CHARS));
        }
    }
    match &department.kpp {
        Some(kpp) if !is_kpp(kpp) => {
            return invalid(
                "Kpp",
                format!("{kpp:?} must be nine digits, of which the fifth and sixth may be capital letters"),
            );
        }
        _ => {}
    }
    if department.routing.by_kpp && department.kpp.is_none() {
        return invalid(
            "Routing.Kpp",
            "the department has no KPP to be found by: give it one, or say false".to_owned(),
        );
    }
    if department.routing.by_address && department.address.is_none() {
        let reason = "the department has no address to be found by: give it one, or say false".to_owned();
        return invalid("Routing.Address", reason);
    }
    Ok(())
}

impl Organization {
    /// The department `id` that `new` describes, made at `at`.
    ///
    /// # Errors
    /// [`DepartmentRefusal::Unknown`] for the parent; [`DepartmentRefusal::Invalid`].
    pub fn create_department(
        &self,
        id: DepartmentId,
        new: &NewDepartment,
        at: Ticks,
    ) -> Result<Department, DepartmentRefusal> {
        if !self.has_department(new.parent) {
            return Err(DepartmentRefusal::Unknown(new.parent));
        }
        let NewDepartment { parent, name, abbreviation, kpp, address, routing } = new.clone();
        let department =
            Department { abbreviation, kpp, address, routing, ..Department::new(id, parent, name, at) };
        check(&department, "DepartmentToCreate")?;
        Ok(department)
    }

    /// The department `id` as `patch` wants it.
    ///
    /// # Errors
    /// [`DepartmentRefusal`]: the department or its new parent is not there, the head is meant, or the tree would become a
    /// circle.
    pub fn update_department(
        &self,
        id: DepartmentId,
        patch: &DepartmentPatch,
    ) -> Result<Department, DepartmentRefusal> {
        if id == DepartmentId::ZERO {
            return Err(DirectoryConflict::HeadDepartment.into());
        }
        let mut after = self.department(id).ok_or(DepartmentRefusal::Unknown(id))?.clone();
        if let Some(parent) = patch.parent {
            if !self.has_department(parent) {
                return Err(DepartmentRefusal::Unknown(parent));
            }
            if self.subtree(id).contains(&parent) {
                return Err(DirectoryConflict::Circle { department: id, parent }.into());
            }
            after.parent = parent;
        }
        let DepartmentPatch { parent: _, naming, kpp, address, routing } = patch.clone();
        if let Some((name, abbreviation)) = naming {
            (after.name, after.abbreviation) = (name, abbreviation);
        }
        after.kpp = kpp.unwrap_or(after.kpp);
        after.address = address.unwrap_or(after.address);
        after.routing = routing.unwrap_or(after.routing);
        check(&after, "DepartmentToUpdate")?;
        Ok(after)
    }

    /// Insists on a department that can be deleted: nothing is in it or below it.
    ///
    /// # Errors
    /// [`DepartmentRefusal::Unknown`], [`DepartmentRefusal::Conflict`].
    pub fn delete_department(
        &self,
        id: DepartmentId,
        has_employees: bool,
        has_documents: bool,
    ) -> Result<(), DepartmentRefusal> {
        if id == DepartmentId::ZERO {
            return Err(DirectoryConflict::HeadDepartment.into());
        }
        self.department(id).ok_or(DepartmentRefusal::Unknown(id))?;
        let has_departments = self.departments.iter().any(|department| department.parent == id);
        let holds = [
            (has_departments, DepartmentInUse::Departments),
            (has_employees, DepartmentInUse::Employees),
            (has_documents, DepartmentInUse::Documents),
        ];
        match holds.into_iter().find(|(is_held, _)| *is_held) {
            Some((_, by)) => Err(DirectoryConflict::DepartmentInUse { department: id, by }.into()),
            None => Ok(()),
        }
    }

    /// The department to which incoming documents come by themselves that name `kpp` as the recipient's: the one made first of
    /// those that ask for it.
    pub fn routed_department(&self, kpp: Option<&str>) -> Option<DepartmentId> {
        let kpp = kpp?;
        let asks = |it: &&Department| it.routing.by_kpp && it.kpp.as_deref() == Some(kpp);
        self.departments.iter().find(asks).map(|found| found.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_may_have_letters_in_their_middle() {
        for good in ["770101001", "9909AB123"] {
            assert!(is_kpp(good), "{good}");
        }
        for bad in ["", "77010100", "7701010011", "77A101001", "7701ab001", "7701Ю1001"] {
            assert!(!is_kpp(bad), "{bad}");
        }
    }
}
