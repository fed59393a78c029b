//! What it costs to let a caller in whose rights are remembered.

use std::time::{Duration, Instant};

use potok_testkit::app::{Place, Presented, Subject};
use potok_testkit::{Person, World};
use potok_types::access::{BoxEmployee, MayCreate, NamedDocuments};

type Failed = Box<dyn std::error::Error>;

/// Checks that were made one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Checked {
    /// How many calls were let in, each for two classes of access.
    pub count: u32,
    /// Processor time of all of them.
    pub processor: Duration,
    /// How long they took.
    pub elapsed: Duration,
    /// Times that the store was asked meanwhile.
    pub readings: u64,
}

/// Checks the same person `count` times as calls do: who sends the token, and whether that employee may create documents.
///
/// # Errors
/// The person is not let in.
pub async fn check(world: &World, person: &Person, count: u32) -> Result<Checked, Failed> {
    let callers = world.app().callers();
    let presented = Presented::Bearer { token: person.access_token.clone() };
    let subject = Subject { place: Some(Place::Box(person.box_id)), person: None };
    let once = async || {
        let caller = callers.identify(&presented, Some(person.box_id)).await?;
        callers.permit::<NamedDocuments<MayCreate>>(Some(&caller), subject).await?;
        callers.permit::<BoxEmployee<MayCreate>>(Some(&caller), subject).await.map(drop)
    };
    once().await?;
    let (before, start, readings) = (processor_time()?, Instant::now(), world.readings());
    // Nothing here waits, so the thread stays the same.
    for _ in 0..count {
        once().await?;
    }
    let processor = processor_time()?.saturating_sub(before);
    Ok(Checked { count, processor, elapsed: start.elapsed(), readings: world.readings() - readings })
}

/// That of this thread so far.
fn processor_time() -> Result<Duration, Failed> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split_whitespace().next().unwrap_or_default().parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

impl std::fmt::Display for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(self.count);
        write!(
            f,
            "permission check with remembered rights: {:.2} µs of processor time (bound: 15), {:.2} µs in all; {} readings of \
             the store in {} checks of two classes each",
            each(self.processor),
            each(self.elapsed),
            self.readings,
            self.count
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_is_remembered_is_not_looked_up() {
        let world = World::start().await;
        let (a, _) = world.two_sides().await;
        let checked = check(&world, &a.boss, 100).await.unwrap();
        assert_eq!((checked.count, checked.readings), (100, 0), "{checked}");
        world.end().await;
    }
}
