//! The stamps of a document: who sent it, who signed it, what the operator confirms.

use potok_fns::MoscowTime;

use crate::exchange::{Exchange, Stamp, Standing, Verdict};
use crate::page::{Block, Flow, Style, columns, highest};
use crate::pdf::Colour;

const HEADING: Style = Style::bold(8.0);
/// Between boxes.
const GAP: f32 = 4.0;
const TEXT: Style = Style::plain(7.0);

/// A moment as stamps tell it, with its zone: `21.11.2026 10:15:07 GMT+03:00`.
pub fn moment(at: MoscowTime) -> String {
    format!("{} {} GMT+03:00", at.date, at.time().replace('.', ":"))
}

/// Everything that is stamped on the last page; all of it is on one page if a page holds it.
pub(crate) fn draw(flow: &mut Flow, exchange: &Exchange) {
    flow.gap(GAP);
    let head = head(exchange);
    let rows: Vec<Vec<Vec<Block>>> = exchange
        .stamps
        .chunks(2)
        .map(|pair| {
            let mut both: Vec<Vec<Block>> = pair.iter().map(|stamp| vec![framed(stamp)]).collect();
            both.resize(2, Vec::new());
            both
        })
        .collect();
    let of_head = head.iter().map(|block| block.height(flow.width()) + GAP).sum::<f32>();
    let all = of_head + rows.iter().map(|row| highest(flow, row) + GAP).sum::<f32>();
    if all <= flow.capacity() {
        flow.ensure(all);
    }
    draw_all(flow, &head);
    if rows.is_empty() {
        Block::text(HEADING.of(Colour::GREY), "Документ не подписан").flow(flow);
    }
    for row in rows {
        columns(flow, &row);
        flow.gap(GAP);
    }
}

/// What the operator says of it.
pub(crate) fn draw_head(flow: &mut Flow, exchange: &Exchange) {
    draw_all(flow, &head(exchange));
}

fn draw_all(flow: &mut Flow, blocks: &[Block]) {
    for block in blocks {
        block.flow(flow);
        flow.gap(GAP);
    }
}

fn head(exchange: &Exchange) -> Vec<Block> {
    let mut head = vec![Block::Framed(Colour::STAMP, operator_lines(exchange))];
    for (standing, text) in &exchange.standings {
        let colour = if *standing == Standing::Ended { Colour::BAD } else { Colour::GREY };
        head.push(Block::Framed(colour, vec![Block::text(HEADING.of(colour), text)]));
    }
    head
}

/// The operator's line: what was sent by whom to whom, and when.
fn operator_lines(exchange: &Exchange) -> Vec<Block> {
    let told = TEXT.of(Colour::STAMP);
    let head = if exchange.sent_at.is_some() {
        format!("Передан через оператора электронного документооборота {}", exchange.operator)
    } else {
        "Черновик: документ не отправлен".to_owned()
    };
    let mut lines = vec![Block::text(HEADING.of(Colour::STAMP), head)];
    let mut tell = |line: String| lines.push(Block::text(told, line));
    tell(format!("Идентификатор документа: {}", exchange.document_id));
    tell(format!("Отправитель: {}", exchange.sender.line()));
    if let Some(recipient) = &exchange.recipient {
        tell(format!("Получатель: {}", recipient.line()));
    }
    let sent = exchange.sent_at.map(|at| format!("Отправлен: {}", moment(at)));
    let delivered = exchange.delivered_at.map(|at| format!("Доставлен: {}", moment(at)));
    let times: Vec<String> = sent.into_iter().chain(delivered).collect();
    if !times.is_empty() {
        tell(times.join("    "));
    }
    lines
}

fn framed(stamp: &Stamp) -> Block {
    let colour = if stamp.verdict == Verdict::Invalid { Colour::BAD } else { Colour::STAMP };
    let mut inside = vec![Block::text(HEADING.of(colour), format!("{}: электронная подпись", stamp.role))];
    let mut tell = |line: String| inside.push(Block::text(TEXT.of(colour), line));
    let side = stamp.side.line();
    if !side.is_empty() {
        tell(side);
    }
    let who = if stamp.position.is_empty() {
        stamp.signer.clone()
    } else {
        format!("{}, {}", stamp.signer, stamp.position)
    };
    if !stamp.signer.is_empty() {
        tell(format!("Подписал: {who}"));
    }
    if stamp.serial.is_empty() {
        tell("Сертификат не прочитан".to_owned());
    } else {
        tell(format!("Сертификат: {}", stamp.serial));
    }
    if let Some((from, to)) = stamp.valid {
        tell(format!("Действителен с {} до {}", moment(from), moment(to)));
    }
    if !stamp.power.is_empty() {
        tell(format!("Доверенность: {}", stamp.power));
    }
    tell(format!("Дата и время подписания: {}", moment(stamp.at)));
    let verdict = match stamp.verdict {
        Verdict::Valid => "Подпись верна",
        Verdict::Invalid => "Подпись недействительна",
        Verdict::Unchecked => "Подпись не проверена",
    };
    let verdict =
        if stamp.remark.is_empty() { verdict.to_owned() } else { format!("{verdict}: {}", stamp.remark) };
    inside.push(Block::text(HEADING.of(colour), verdict));
    Block::Framed(colour, inside)
}
