//! Which powers of attorney an employee has at hand, and which one is taken when nobody names another.

use potok_types::{PowerId, limits};

use super::{AttachRefusal, DirectoryWish, EmployeePower};

/// Attaches `power`, where `actual` of the others hold or will and `today` were attached within a day. `None`: it is there.
///
/// # Errors
/// [`AttachRefusal`].
pub fn attach(
    held: &[EmployeePower],
    power: &EmployeePower,
    actual: usize,
    today: usize,
) -> Result<Option<DirectoryWish>, AttachRefusal> {
    let user = power.user;
    if held.iter().any(|known| known.name.number == power.name.number) {
        return Ok(None);
    }
    if actual >= limits::POWERS_PER_EMPLOYEE {
        return Err(AttachRefusal::TooMany { user });
    }
    if today >= limits::POWERS_PER_DAY {
        return Err(AttachRefusal::TooManyToday { user });
    }
    Ok(Some(DirectoryWish::power(true, power.clone())))
}

/// Makes the power `number` of `held` the default one, or not: what changes, the one that was default before first.
pub fn make_default(held: &[EmployeePower], number: PowerId, is_default: bool) -> Vec<DirectoryWish> {
    let changed = |power: &EmployeePower| {
        let wanted = match power.name.number == number {
            true => is_default,
            false => power.is_default && !is_default,
        };
        let changes = wanted != power.is_default;
        changes.then(|| {
            (wanted, DirectoryWish::power(false, EmployeePower { is_default: wanted, ..power.clone() }))
        })
    };
    let mut wishes: Vec<(bool, DirectoryWish)> = held.iter().filter_map(changed).collect();
    wishes.sort_by_key(|(becomes_default, _)| *becomes_default);
    wishes.into_iter().map(|(_, wish)| wish).collect()
}
