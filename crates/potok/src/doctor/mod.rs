//! `potok doctor`: looks at what a server stands on and says what to do about it.

mod keys;
mod places;
mod stores;

use std::error::Error;
use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;

use potok_types::Clock;
use serde_json::json;

use crate::{Settings, print};

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grade {
    Good,
    /// It works, and will not always.
    Doubtful,
    /// It does not work, or loses what was acknowledged.
    Bad,
}

impl Grade {
    const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Doubtful => "doubtful",
            Self::Bad => "bad",
        }
    }
}

/// What was found.
#[derive(Debug)]
pub(super) struct Finding {
    grade: Grade,
    what: String,
    cure: String,
}

/// All of it, in the order in which it was looked at.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn good(&mut self, what: impl fmt::Display) {
        self.add(Grade::Good, what, "");
    }

    pub(super) fn doubtful(&mut self, what: impl fmt::Display, cure: impl fmt::Display) {
        self.add(Grade::Doubtful, what, cure);
    }

    pub(super) fn bad(&mut self, what: impl fmt::Display, cure: impl fmt::Display) {
        self.add(Grade::Bad, what, cure);
    }

    fn add(&mut self, grade: Grade, what: impl fmt::Display, cure: impl fmt::Display) {
        self.0.push(Finding { grade, what: what.to_string(), cure: cure.to_string() });
    }
}

/// Looks and tells. The code is 1 when something is bad.
pub(crate) async fn run(
    settings: Settings,
    as_json: bool,
    clock: &Arc<dyn Clock>,
) -> Result<ExitCode, Box<dyn Error>> {
    let now = clock.now();
    let mut findings = Findings::default();
    places::look(&settings.data, now, &mut findings);
    stores::look(&settings, clock, &mut findings).await;
    let Settings { operator, trust, .. } = settings;
    // Files, programs and tokens are waited for.
    let findings = tokio::task::spawn_blocking(move || {
        keys::look(&operator, &trust, now, &mut findings);
        findings
    });
    let Findings(found) = findings.await?;
    if as_json {
        let found: Vec<_> = found
            .iter()
            .map(|it| json!({"grade": it.grade.word(), "what": it.what, "cure": it.cure}))
            .collect();
        print::line(json!(found));
    }
    for Finding { grade, what, cure } in found.iter().filter(|_| !as_json) {
        let cure = if cure.is_empty() { String::new() } else { format!(": {cure}") };
        print::line(format!("{:8}  {what}{cure}", grade.word()));
    }
    let is_bad = found.iter().any(|it| it.grade == Grade::Bad);
    Ok(if is_bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
