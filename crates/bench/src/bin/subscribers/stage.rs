//! Boxes, each with somebody who may read and post there.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use potok_testkit::app::admin::{NewOrganization, NewUser};
use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::Format;
use potok_testkit::sdk::api::Payload as _;
use potok_testkit::sdk::proto::events::SignedContent;
use potok_testkit::{Letter, World, WorldOptions};
use potok_types::{BoxId, Clock as _, SystemClock, UserId};
use tempfile::TempDir;

use crate::Failed;

/// Boxes that are made at once.
const AT_ONCE: usize = 64;

/// Somebody in a box.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) box_id: BoxId,
    pub(crate) token: String,
}

/// The data that servers are started over.
pub(crate) struct Stage {
    pub(crate) data: PathBuf,
    pub(crate) seats: Vec<Seat>,
    /// To whom letters are written that are never sent.
    other: BoxId,
    letters: AtomicUsize,
    _folder: TempDir,
}

impl Stage {
    /// Makes it: the tokens are good now.
    pub(crate) async fn set(boxes: usize) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        let place = data.clone();
        let options = WorldOptions {
            settings: Box::new(move |settings| settings.data = place.clone()),
            beginning: SystemClock.now(),
            ..WorldOptions::default()
        };
        let world = World::start_with(options).await;
        let other = world.organization("ООО «Ромашка»", "9612345678").await.box_id();
        let mut seats = Vec::with_capacity(boxes);
        let numbers: Vec<usize> = (0..boxes).collect();
        for some in numbers.chunks(AT_ONCE) {
            // Users stand in one stream: who makes many at once is told to come again.
            let mut users = Vec::with_capacity(some.len());
            for number in some {
                users.push(user(&world, *number).await?);
            }
            let made = some.iter().zip(users).map(|(number, user)| seat(&world, *number, user));
            for seat in futures_util::future::join_all(made).await {
                seats.push(seat?);
            }
        }
        world.end().await;
        Ok(Self { data, seats, other, letters: AtomicUsize::new(0), _folder: folder })
    }

    /// A call that adds an event to the box of `seat`, and to no other.
    pub(crate) fn letter(&self, seat: &Seat) -> Vec<u8> {
        let mut letter = Letter::new(seat.box_id, self.other);
        letter.0.delay_send = Some(true);
        let document = &mut letter.0.document_attachments[0];
        document.signed_content =
            SignedContent { content: Some(vec![7; 2000].into()), ..SignedContent::default() };
        // Another body each time: a repeated one would be answered from the first call.
        document.comment = Some(self.letters.fetch_add(1, Ordering::Relaxed).to_string());
        let body = letter.0.to_body(Format::Protobuf);
        let mut whole = format!(
            "POST /V3/PostMessage HTTP/1.1\r\nHost: potok\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
            seat.token,
            body.len()
        )
        .into_bytes();
        whole.extend_from_slice(&body);
        whole
    }
}

async fn user(world: &World, number: usize) -> Result<UserId, Failed> {
    let new = NewUser {
        login: format!("boss{number}@example.com"),
        last_name: "Иванов".to_owned(),
        first_name: "Иван".to_owned(),
        ..NewUser::default()
    };
    Ok(world.app().admin().create_user(new).await?.id)
}

async fn seat(world: &World, number: usize, user: UserId) -> Result<Seat, Failed> {
    let admin = world.app().admin();
    let name = format!("ООО «Склад {number}»");
    let new =
        NewOrganization { name, inn: format!("95{number:08}"), is_test: true, ..NewOrganization::default() };
    let box_id = admin.create_organization(new).await?.box_id;
    admin.put_employee(box_id, user, "Директор", Permissions::full()).await?;
    let token = admin.issue_access_token(&world.program().id, user).await?;
    Ok(Seat { box_id, token })
}
