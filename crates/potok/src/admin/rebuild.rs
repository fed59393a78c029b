//! `potok admin rebuild`: read models made again from the journal.

use std::error::Error;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use potok_app::Admin;
use potok_app::admin::{RebuildMode, RebuildWatcher};
use potok_store::Difference;
use potok_types::{BoxId, MessageId};
use serde_json::json;

use crate::print;

/// Differences that are named in an answer; the others are only counted.
const NAMED: usize = 1000;

#[derive(Args)]
pub(crate) struct Rebuild {
    /// Only tell what differs; ends with 1 when anything does
    #[arg(long)]
    check: bool,
}

/// Does it. With `--check` the code is 1 when something differs.
pub(crate) async fn run(admin: &Admin, given: &Rebuild, as_json: bool) -> Result<ExitCode, Box<dyn Error>> {
    let mode = if given.check { RebuildMode::Check } else { RebuildMode::Repair };
    let shown = Shown::default();
    let done = admin.rebuild(mode, &shown).await;
    shown.end();
    let done = done?;
    let named = shown.named.into_inner().unwrap_or_else(PoisonError::into_inner);
    if as_json {
        let answer = json!({"messages": done.messages, "differences": done.differences, "named": named});
        print::line(answer);
    } else {
        named.iter().for_each(print::line);
        let what = if given.check { "differ from the journal" } else { "were put right" };
        print::line(format!("{} messages, {} things {what}", done.messages, done.differences));
    }
    let is_clean = !given.check || done.differences == 0;
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Progress for whoever waits: a bar on a terminal, else a line for each tenth.
#[derive(Default)]
struct Shown {
    state: Mutex<State>,
    named: Mutex<Vec<String>>,
}

#[derive(Default)]
struct State {
    messages: u64,
    tenths: u64,
    bar: Option<ProgressBar>,
}

impl Shown {
    fn end(&self) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}

impl RebuildWatcher for Shown {
    fn started(&self, messages: u64, done: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.messages = messages;
        if done > 0 {
            print::complaint(format!("goes on behind {done} of {messages} messages"));
        }
        if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(messages).with_position(done);
            let style = ProgressStyle::with_template("{bar:40} {pos}/{len} messages, {eta} left");
            state.bar = Some(style.map_or(bar.clone(), |style| bar.with_style(style)));
        }
    }

    fn advanced(&self, messages: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = &state.bar {
            bar.set_position(messages);
            return;
        }
        let tenths = (messages * 10).checked_div(state.messages).unwrap_or(10).min(10);
        if tenths > state.tenths {
            state.tenths = tenths;
            print::complaint(format!("{messages} of {} messages", state.messages));
        }
    }

    fn differs(&self, box_id: BoxId, message: Option<MessageId>, difference: &Difference) {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.len() < NAMED {
            named.push(match message {
                Some(message) => format!("box {box_id}, message {message}: {difference}"),
                None => format!("box {box_id}: {difference}"),
            });
        }
    }
}
