//! Shipments of marked goods that the state was told of: what a document says of them, and whether that was cancelled.
//!
//! Nobody tells the state anything from here, so no document waits for a cancellation by itself; whoever has told it elsewhere
//! cancels in the exchange.

use potok_types::EntityId;

use crate::{EntityState, MessageState, Service};

/// First letters of the names of transfer documents, and of those of order 820 whose goods are marked.
const TRANSFER: &str = "ON_NSCHFDOPPR";
const MARKED: &str = "ON_NSCHFDOPPRMARK_";
/// Numbers behind the unique part of the name of a transfer document.
const NUMBERS: usize = 6;

/// Whether the name that a file gives itself speaks of marked goods: by letters behind its beginning, or by the second to the
/// fourth of the numbers at its end.
pub fn speaks_of_marked_goods(file_name: &str) -> bool {
    let name = file_name.strip_suffix(".xml").unwrap_or(file_name);
    if name.starts_with(MARKED) {
        return true;
    }
    let parts: Vec<&str> = name.split('_').collect();
    let Some(start) = parts.len().checked_sub(NUMBERS).filter(|_| name.starts_with(TRANSFER)) else {
        return false;
    };
    let numbers = &parts[start..];
    let is_number =
        |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    numbers.iter().all(is_number) && numbers[1..4].contains(&"1")
}

/// The request that cancels what the state was told of the document; one whose signature is bad, or that never arrives, counts for
/// nothing.
pub fn cancellation(state: &MessageState, document: EntityId) -> Option<&EntityState> {
    let is_request = |found: &&EntityState| {
        found.entity.service() == Some(&Service::FixationCancellation) && found.stands()
    };
    let is_signed =
        |found: &&EntityState| state.children(found.entity.id).any(EntityState::is_flow_signature);
    state.children(document).rev().filter(is_request).find(is_signed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_speak_of_marked_goods() {
        for (tail, expected) in [
            ("0_1_0_0_0_00", true),
            ("0_1_1_0_0_00.xml", true),
            ("0_0_0_1_0_00", true),
            ("1_0_0_0_1_00", false),
            ("0_0_0_0_0_00", false),
            ("x_1_0_0_0_00", false),
            ("", false),
        ] {
            let name =
                format!("ON_NSCHFDOPPR_2BM-1_2BM-2_20260101_0a6e4c1e-93d2-4f5e-8b1c-3f2a7c9d0e11_{tail}");
            assert_eq!(speaks_of_marked_goods(&name), expected, "{tail}");
        }
        for (name, expected) in [
            ("ON_NSCHFDOPPRMARK_2BM-1_2BM-2_20260101_0a6e4c1e-93d2-4f5e-8b1c-3f2a7c9d0e11.xml", true),
            ("ON_NSCHFDOPPRPROS_2BM-1_2BM-2_20260101_0a6e4c1e-93d2-4f5e-8b1c-3f2a7c9d0e11", false),
            ("ON_AKTSVEROTP_2BM-1_2BM-2_20260101_0a6e4c1e_0_1_0_0_0_00", false),
            ("ON_NSCHFDOPPR", false),
            ("contract.pdf", false),
        ] {
            assert_eq!(speaks_of_marked_goods(name), expected, "{name}");
        }
    }
}
