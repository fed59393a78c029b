//! Webhooks: where the events of a box are sent, how far that has come, and what follows from an attempt.
//!
//! Events go out one after the other: the position moves behind an event only when the receiver has taken it, so one that
//! fails holds up those behind it, and nothing is passed over.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use potok_types::{BoxId, DepartmentId, EventId, IndexKey, InvalidId, Ticks, UserId, parse_guid};
use uuid::Uuid;

/// Before the text of every secret (Standard Webhooks).
const SECRET_PREFIX: &str = "whsec_";
/// Bytes of a secret: in base64 without padding, over which libraries differ.
pub const SECRET_BYTES: usize = 24;
/// Old secrets that may still sign.
pub const MOST_OLD_SECRETS: usize = 3;
/// Seconds until the next attempt after so many failures; the last one stays.
const PAUSES: [i64; 8] = [5, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600];
/// The longest pause that a receiver gets when it asks for one, in seconds.
const LONGEST_ASKED_PAUSE: i64 = 6 * 3600;
/// A receiver that has taken nothing for so many seconds is not sent anything any more.
pub const BROKEN_AFTER_SECONDS: i64 = 3 * 24 * 3600;
/// What a receiver answers that wants nothing any more.
const GONE: u16 = 410;

/// Names a webhook in its box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebhookId(pub Uuid);

impl fmt::Display for WebhookId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.as_hyphenated(), f)
    }
}

impl FromStr for WebhookId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = || InvalidId { text: text.chars().take(64).collect(), kind: "webhook id" };
        parse_guid(text).map(Self).ok_or_else(invalid)
    }
}

/// What signs the events of a webhook, known to the server and the receiver.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WebhookSecret(pub [u8; SECRET_BYTES]);

impl WebhookSecret {
    /// As receivers are given it: `whsec_` and standard base64.
    pub fn text(&self) -> String {
        format!("{SECRET_PREFIX}{}", STANDARD.encode(self.0))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret")
    }
}

/// A secret that was replaced, and signs beside the new one until its receiver has changed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldSecret {
    /// The secret.
    pub secret: WebhookSecret,
    /// It signs before this time.
    pub until: Ticks,
}

/// A webhook of a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The box whose events are sent.
    pub box_id: BoxId,
    /// Its id.
    pub id: WebhookId,
    /// When it was made.
    pub made_at: Ticks,
    /// What was asked for.
    pub terms: WebhookTerms,
    /// How far it has come.
    pub progress: Progress,
    /// Grows with each lease and each change: whoever holds an older one holds nothing any more.
    pub turn: u32,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookTerms {
    /// Where events are sent.
    pub url: String,
    /// What signs them.
    pub secret: WebhookSecret,
    /// What signs them besides, oldest first.
    pub old_secrets: Vec<OldSecret>,
    /// Who asked last: the events are those that this user sees.
    pub user: UserId,
    /// Of these the events of this department only.
    pub department: Option<DepartmentId>,
}

/// More secrets would sign than [`MOST_OLD_SECRETS`] and the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManySecrets;

impl WebhookTerms {
    /// The same with another secret; the one of now signs too until `until`.
    ///
    /// # Errors
    /// [`TooManySecrets`].
    pub fn rotated(&self, secret: WebhookSecret, until: Ticks, now: Ticks) -> Result<Self, TooManySecrets> {
        let mut old_secrets = self.old_secrets.clone();
        old_secrets.push(OldSecret { secret: self.secret, until });
        old_secrets.retain(|old| now < old.until);
        match old_secrets.len() > MOST_OLD_SECRETS {
            true => Err(TooManySecrets),
            false => Ok(Self { secret, old_secrets, ..self.clone() }),
        }
    }

    /// What signs now, the newest first.
    pub fn signing(&self, now: Ticks) -> Vec<WebhookSecret> {
        let old = self.old_secrets.iter().rev().filter(|old| now < old.until).map(|old| old.secret);
        std::iter::once(self.secret).chain(old).collect()
    }
}

/// Whether events are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookState {
    /// They are, from this time on.
    Active {
        /// Until then it pauses after a failure, or somebody is at it.
        due_at: Ticks,
    },
    /// Somebody stopped it.
    Paused,
    /// The server gave it up, for this reason; somebody has to resume it.
    Broken(String),
}

/// How far a webhook has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Whether events are sent.
    pub state: WebhookState,
    /// Everything up to here was taken, or was not for this webhook.
    pub position: IndexKey,
    /// Failures since something was taken.
    pub failures: u32,
    /// When the first of them was.
    pub failing_since: Option<Ticks>,
}

/// Why an event was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// What the receiver answered; `None` when it did not.
    pub status: Option<u16>,
    /// In how many seconds it wants to be asked again.
    pub retry_after_seconds: Option<u32>,
    /// What went wrong, for people.
    pub reason: String,
}

impl Progress {
    /// Goes on behind `position`, at `due_at`.
    pub const fn from(position: IndexKey, due_at: Ticks) -> Self {
        Self { state: WebhookState::Active { due_at }, position, failures: 0, failing_since: None }
    }

    /// An attempt failed at `now`. `chance` spreads those that fail together: of all its values each is as likely.
    #[must_use]
    pub fn failed(&self, failure: &NotTaken, now: Ticks, chance: u16) -> Self {
        let failures = self.failures.saturating_add(1);
        let since = self.failing_since.unwrap_or(now);
        let is_over = now >= since.plus_seconds(BROKEN_AFTER_SECONDS);
        let state = if failure.status == Some(GONE) {
            WebhookState::Broken("the receiver answered 410: it wants no events any more".to_owned())
        } else if is_over {
            let days = BROKEN_AFTER_SECONDS / (24 * 3600);
            WebhookState::Broken(format!(
                "nothing was taken for {days} days; the last time: {}",
                failure.reason
            ))
        } else {
            WebhookState::Active {
                due_at: now.plus_milliseconds(pause_milliseconds(
                    failures,
                    failure.retry_after_seconds,
                    chance,
                )),
            }
        };
        Self { state, failures, failing_since: Some(since), ..self.clone() }
    }

    /// The server gave it up.
    #[must_use]
    pub fn broken(&self, reason: String) -> Self {
        Self { state: WebhookState::Broken(reason), ..self.clone() }
    }

    /// Whether the server gave it up.
    pub const fn is_broken(&self) -> bool {
        matches!(self.state, WebhookState::Broken(_))
    }
}

/// The pause after so many failures, up to a quarter longer by chance; at least what the receiver asked for, within bounds.
fn pause_milliseconds(failures: u32, asked_seconds: Option<u32>, chance: u16) -> i64 {
    let nth = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    let asked = i64::from(asked_seconds.unwrap_or_default()).min(LONGEST_ASKED_PAUSE);
    let pause = PAUSES[nth].max(asked) * 1000;
    pause + pause / 4 * i64::from(chance) / i64::from(u16::MAX)
}

/// One attempt to send an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The event.
    pub event: EventId,
    /// When it was sent.
    pub at: Ticks,
    /// How long the receiver took for an answer, or until it was given up.
    pub milliseconds: u32,
    /// What the receiver answered; `None` when it did not.
    pub status: Option<u16>,
    /// Why it was not taken; `None` when it was.
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use potok_types::DepartmentId;

    use super::*;

    fn at(seconds: i64) -> Ticks {
        Ticks::from_unix_seconds(1_700_000_000 + seconds)
    }

    fn failure(status: Option<u16>, retry_after_seconds: Option<u32>) -> NotTaken {
        NotTaken { status, retry_after_seconds, reason: "no answer".to_owned() }
    }

    #[test]
    fn pauses_grow_are_spread_and_follow_the_receiver_within_bounds() {
        for (failures, asked, chance, seconds) in [
            (1, None, 0, 5),
            (2, None, 0, 30),
            (8, None, 0, 4 * 3600),
            (u32::MAX, None, 0, 4 * 3600),
            (8, None, u16::MAX, 5 * 3600),
            (1, Some(60), 0, 60),
            (2, Some(1), 0, 30),
            (1, Some(u32::MAX), 0, 6 * 3600),
        ] {
            assert_eq!(pause_milliseconds(failures, asked, chance), seconds * 1000, "{failures} {asked:?}");
        }
        assert!((5000..6250).contains(&pause_milliseconds(1, None, 30_000)));
    }

    #[test]
    fn a_receiver_that_takes_nothing_for_three_days_or_says_so_is_given_up() {
        let fresh = Progress::from(IndexKey::new(7), at(0));
        let once = fresh.failed(&failure(Some(500), None), at(0), 0);
        assert_eq!(once.state, WebhookState::Active { due_at: at(5) });
        assert_eq!((once.failures, once.failing_since, once.position), (1, Some(at(0)), IndexKey::new(7)));
        let later = once.failed(&failure(None, None), at(BROKEN_AFTER_SECONDS - 1), 0);
        assert_eq!((later.failures, later.is_broken()), (2, false));
        let last = later.failed(&failure(None, None), at(BROKEN_AFTER_SECONDS), 0);
        let reason = "nothing was taken for 3 days; the last time: no answer".to_owned();
        assert_eq!(last.state, WebhookState::Broken(reason));
        assert_eq!(last.position, IndexKey::new(7), "nothing is passed over");
        assert!(fresh.failed(&failure(Some(410), None), at(0), 0).is_broken());
        let taken = Progress::from(IndexKey::new(8), at(9));
        assert_eq!((taken.failures, taken.failing_since), (0, None));
    }

    #[test]
    fn a_replaced_secret_signs_until_its_time() {
        let secret = |number| WebhookSecret([number; SECRET_BYTES]);
        let terms = WebhookTerms {
            url: String::new(),
            secret: secret(0),
            old_secrets: Vec::new(),
            user: UserId::ZERO,
            department: None::<DepartmentId>,
        };
        let twice =
            terms.rotated(secret(1), at(10), at(0)).and_then(|it| it.rotated(secret(2), at(20), at(1)));
        let twice = twice.expect("two old ones");
        for (now, numbers) in [(1, &[2, 1, 0][..]), (9, &[2, 1, 0]), (10, &[2, 1]), (20, &[2])] {
            let signing: Vec<u8> = twice.signing(at(now)).iter().map(|it| it.0[0]).collect();
            assert_eq!(signing, numbers, "{now}");
        }
        let thrice = twice.rotated(secret(3), at(30), at(2)).expect("three old ones");
        assert_eq!(thrice.rotated(secret(4), at(40), at(3)), Err(TooManySecrets));
        let later = thrice.rotated(secret(4), at(40), at(15)).expect("one has gone");
        assert_eq!(later.old_secrets.len(), 3);
        let at_once = terms.rotated(secret(1), at(0), at(0)).expect("none is left");
        assert_eq!(at_once.old_secrets, []);
    }

    #[test]
    fn a_secret_is_shown_as_receivers_read_it_and_in_no_log() {
        let secret = WebhookSecret([0xff; SECRET_BYTES]);
        assert_eq!(secret.text(), "whsec_////////////////////////////////");
        assert_eq!(format!("{secret:?}"), "WebhookSecret");
    }
}
