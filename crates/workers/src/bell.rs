//! Says in which box there is something to do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use potok_types::BoxId;
use tokio::sync::watch;

/// Wakes those who wait for something to do, everywhere or in one box. Clones are the same bell.
///
/// It only wakes: what there is to do stands in the store, and whoever is woken looks there. So it may ring once too often, and
/// whoever rings does not know who listens. Another node rings it here for what it wrote there.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Hung>);

#[derive(Debug, Default)]
struct Hung {
    everywhere: watch::Sender<()>,
    /// Boxes that somebody listens to.
    boxes: Mutex<HashMap<BoxId, watch::Sender<()>>>,
}

impl Hung {
    fn boxes(&self) -> MutexGuard<'_, HashMap<BoxId, watch::Sender<()>>> {
        // Nothing can panic while the lock is held, so its content is whole.
        self.boxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bell {
    /// There is something to do in `box_id`.
    pub fn ring(&self, box_id: BoxId) {
        self.0.everywhere.send_replace(());
        if let Some(of_box) = self.0.boxes().get(&box_id) {
            of_box.send_replace(());
        }
    }

    /// There may be something to do anywhere.
    pub fn ring_all(&self) {
        self.0.everywhere.send_replace(());
        self.0.boxes().values().for_each(|of_box| of_box.send_replace(()));
    }

    /// Hears it from now on, whatever box it is rung for.
    pub fn listen(&self) -> Listener {
        Listener { rings: self.0.everywhere.subscribe(), of_box: None }
    }

    /// Hears from now on when it is rung for `box_id`.
    pub fn listen_to(&self, box_id: BoxId) -> Listener {
        let rings = self.0.boxes().entry(box_id).or_default().subscribe();
        Listener { rings, of_box: Some((Arc::clone(&self.0), box_id)) }
    }
}

/// Somebody who hears a [`Bell`].
#[derive(Debug)]
pub struct Listener {
    rings: watch::Receiver<()>,
    of_box: Option<(Arc<Hung>, BoxId)>,
}

impl Listener {
    /// Waits until the bell is rung, or not at all if that happened since the last time. Freely cancellable.
    pub async fn rung(&mut self) {
        if self.rings.changed().await.is_err() {
            // Nobody is left who could ring.
            std::future::pending::<()>().await;
        }
    }

    /// Takes note of all that was rung so far: whoever looks for work now need not look again because of it.
    pub fn heard(&mut self) {
        self.rings.mark_unchanged();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let Some((hung, box_id)) = self.of_box.take() else { return };
        let mut boxes = hung.boxes();
        // The last one out; this one still counts.
        if boxes.get(&box_id).is_some_and(|of_box| of_box.receiver_count() <= 1) {
            boxes.remove(&box_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use uuid::Uuid;

    use super::*;

    async fn is_rung(listener: &mut Listener) -> bool {
        tokio::time::timeout(Duration::from_secs(1), listener.rung()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn a_ring_is_heard_by_those_who_listen_to_its_box_and_to_all() {
        let [one, other] = [1, 2].map(|n| BoxId::from_uuid(Uuid::from_u128(n)));
        let bell = Bell::default();
        bell.ring(one);
        let (mut all, mut of_one, mut of_other) = (bell.listen(), bell.listen_to(one), bell.listen_to(other));
        assert!(!is_rung(&mut all).await, "what was rung before is not heard");
        bell.ring(one);
        bell.ring(one);
        assert!(is_rung(&mut all).await && is_rung(&mut of_one).await);
        assert!(!is_rung(&mut all).await && !is_rung(&mut of_one).await && !is_rung(&mut of_other).await);
        bell.ring(other);
        all.heard();
        assert!(!is_rung(&mut all).await && is_rung(&mut of_other).await);
        bell.ring_all();
        assert!(is_rung(&mut all).await && is_rung(&mut of_one).await && is_rung(&mut of_other).await);
    }

    #[tokio::test(start_paused = true)]
    async fn who_went_away_leaves_nothing_behind() {
        let bell = Bell::default();
        let (one, mut other) = (bell.listen_to(BoxId::ZERO), bell.listen_to(BoxId::ZERO));
        drop(one);
        bell.ring(BoxId::ZERO);
        assert!(is_rung(&mut other).await);
        drop(other);
        assert!(bell.0.boxes().is_empty());
        drop(bell.listen());
        bell.ring(BoxId::ZERO);
    }
}
