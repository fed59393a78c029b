//! Formalized documents without a layout of their own: their name, their signers, and every value by its place.

use super::Papers;
use super::words::{join, named, signers};
use crate::page::{Block, Flow, Style};

pub(super) fn draw(flow: &mut Flow, papers: &Papers<'_>) {
    let body = papers.body();
    Block::text(Style::bold(13.0), papers.name).flow(flow);
    let form = join([named("КНД", body.get("@КНД")), named("формат", papers.first.get("@ВерсФорм"))], ", ");
    Block::text(Style::plain(7.0), form).flow(flow);
    flow.gap(5.0);
    let mut told = super::fields([
        ("Файл", papers.first.get("@ИдФайл").to_owned()),
        ("Подписант", join(signers(&body), "; ")),
    ]);
    if let Some(answer) = papers.answer() {
        told.extend(super::fields([("Подписант ответа", join(signers(&answer), "; "))]));
    }
    told.iter().for_each(|block| block.flow(flow));
}
