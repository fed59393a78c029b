//! How far a copy is, for whoever waits: a bar on a terminal, else a line for each table and each tenth of it.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

use crate::print;

#[derive(Default)]
pub(super) struct Shown {
    table: &'static str,
    tenths: u64,
    bar: Option<ProgressBar>,
}

impl Shown {
    /// Of `table`, `done` of `there` rows were read.
    pub(super) fn rows(&mut self, table: &'static str, done: u64, there: u64) {
        if self.table != table {
            self.end();
            (self.table, self.tenths) = (table, 0);
            if std::io::stderr().is_terminal() {
                let bar = ProgressBar::new(there).with_message(table);
                let style = ProgressStyle::with_template("{bar:40} {pos}/{len} of {msg}, {eta} left");
                self.bar = Some(style.map_or(bar.clone(), |style| bar.with_style(style)));
            } else {
                print::complaint(format!("{table}: {there} rows"));
            }
        }
        if let Some(bar) = &self.bar {
            bar.set_position(done);
            return;
        }
        let tenths = (done * 10).checked_div(there).unwrap_or(10).min(10);
        if tenths > self.tenths {
            self.tenths = tenths;
            print::complaint(format!("{table}: {done} of {there} rows"));
        }
    }

    pub(super) fn end(&mut self) {
        self.table = "";
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
