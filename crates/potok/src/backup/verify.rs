//! Whether a store holds together: every event, every box, every content.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use potok_content::{ContentError, Contents};
use potok_store::{Continuity, ReadModels};
use potok_types::{BoxId, Clock, ContentRef};

use crate::stores::OpenStore;
use crate::{StoreSettings, print};

/// Faults that are named; the others are only counted.
const NAMED: u64 = 100;

/// Reads everything and says what is missing or damaged. The code is 1 when anything is.
pub(super) async fn run(
    store: StoreSettings,
    data: &Path,
    clock: &Arc<dyn Clock>,
) -> Result<ExitCode, Box<dyn Error>> {
    let contents = store.contents(data)?;
    let open = OpenStore::open(store, data, clock).await?;
    let mut seen = Seen::default();
    let done = seen.everything(&*open.store(), open.continuity(), &contents).await;
    open.close().await;
    done?;
    let Seen { boxes, events, contents, faults } = seen;
    print::line(format!(
        "read {events} events and {contents} large contents of {boxes} boxes: {faults} faults"
    ));
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[derive(Default)]
struct Seen {
    boxes: u64,
    events: u64,
    contents: u64,
    faults: u64,
}

impl Seen {
    async fn everything(
        &mut self,
        boxes: &dyn ReadModels,
        store: &dyn Continuity,
        contents: &Contents,
    ) -> Result<(), Box<dyn Error>> {
        let mut last = None;
        while let Some(box_id) = boxes.next_box(last).await? {
            self.of_box(box_id, store, contents).await?;
            self.boxes += 1;
            last = Some(box_id);
        }
        Ok(())
    }

    async fn of_box(
        &mut self,
        box_id: BoxId,
        store: &dyn Continuity,
        contents: &Contents,
    ) -> Result<(), Box<dyn Error>> {
        for gap in store.gaps(box_id).await? {
            self.fault(box_id, gap);
        }
        let mut place = Some(None);
        while let Some(after) = place {
            let page = store.small_contents(box_id, after).await?;
            page.gaps.iter().for_each(|gap| self.fault(box_id, gap));
            place = page.next.map(Some);
        }
        let mut place = Some(0);
        while let Some(after) = place {
            let page = store.events(box_id, after).await?;
            self.events += page.marks.len() as u64;
            page.gaps.iter().for_each(|gap| self.fault(box_id, gap));
            for content in &page.large {
                self.content(box_id, *content, contents).await?;
            }
            place = page.next;
        }
        Ok(())
    }

    async fn content(
        &mut self,
        box_id: BoxId,
        content: ContentRef,
        contents: &Contents,
    ) -> Result<(), ContentError> {
        self.contents += 1;
        match contents.get(content.hash).await {
            Ok(Some(bytes)) if bytes.len() as u64 == content.size_bytes => {}
            Ok(Some(_)) => self.fault(box_id, format_args!("content {} has another length", content.hash)),
            Ok(None) => self.fault(box_id, format_args!("content {} is not there", content.hash)),
            Err(error @ ContentError::Damaged { .. }) => self.fault(box_id, error),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn fault(&mut self, box_id: BoxId, what: impl std::fmt::Display) {
        self.faults += 1;
        if self.faults <= NAMED {
            print::line(format!("box {box_id}: {what}"));
        }
    }
}
