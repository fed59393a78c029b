//! What a page tells of the form that was sent.

use crate::frame::Frame;
use crate::server::Refused;
use crate::{Fields, Visit};

/// What a page tells of what was done.
#[derive(Default)]
pub(crate) struct Told {
    /// The status of the page.
    pub(crate) status: u16,
    pub(crate) done: &'static str,
    pub(crate) problem: &'static str,
    pub(crate) detail: String,
    /// What was typed, to be mended.
    pub(crate) fields: Fields,
}

impl Told {
    /// That it was done, if the address says so.
    pub(crate) fn of(frame: &Frame, visit: &Visit) -> Self {
        let done = if visit.query.is_on("done") { frame.say("Сделано.", "Done.") } else { "" };
        Self { status: 200, done, ..Self::default() }
    }

    /// What the server refused; only what can be mended in a form is told on its page.
    pub(crate) fn refused(frame: &Frame, fields: &Fields, refused: Refused) -> Result<Self, Refused> {
        if !matches!(refused.status, 400 | 404 | 409) {
            return Err(refused);
        }
        let problem = frame.say("Не получилось: сервер отказал.", "That did not work: the server refused.");
        let (status, detail, fields) = (refused.status, refused.text, fields.clone());
        Ok(Self { status, done: "", problem, detail, fields })
    }
}
