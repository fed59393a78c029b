//! Laying out: what follows what, from page to page.

mod block;
mod flow;
mod table;

pub(crate) use block::{Block, columns, highest};
pub(crate) use flow::{Flow, Paper, Style};
pub(crate) use table::{Cell, Column, Head, Table};
