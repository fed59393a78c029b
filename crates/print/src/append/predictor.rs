//! Rows of tables, which are often written as differences from row to row.

use super::lexer::Dictionary;
use super::{Result, not};

/// What a packed table may unpack to.
const UNPACKED: usize = 64 << 20;

/// The bytes of a stream, unpacked.
pub(super) fn unpack(dictionary: &Dictionary, bytes: &[u8]) -> Result<Vec<u8>> {
    let filter = dictionary.get("Filter").unwrap_or_default();
    let filter = filter.strip_prefix(b"[").and_then(|one| one.strip_suffix(b"]")).unwrap_or(filter);
    match filter.trim_ascii() {
        b"" => return Ok(bytes.to_vec()),
        b"/FlateDecode" | b"/Fl" => {}
        _ => return Err(not("a table is packed in an unusual way")),
    }
    let unpacked = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(bytes, UNPACKED);
    let unpacked = unpacked.map_err(|_| not("a table cannot be unpacked"))?;
    let Some(parameters) = dictionary.get("DecodeParms").or_else(|| dictionary.get("DP")) else {
        return Ok(unpacked);
    };
    let parameters =
        parameters.strip_prefix(b"[").and_then(|one| one.strip_suffix(b"]")).unwrap_or(parameters);
    let parameters = super::lexer::Lexer::new(parameters, 0).dictionary()?;
    match parameters.number("Predictor").unwrap_or(1) {
        1 => Ok(unpacked),
        10..=15 => rows(&unpacked, parameters.number("Columns").unwrap_or(1)),
        _ => Err(not("a table is predicted in an unusual way")),
    }
}

/// Rows that begin with how they differ from the row above, one byte a column.
fn rows(bytes: &[u8], columns: usize) -> Result<Vec<u8>> {
    if columns == 0 || columns > 1 << 16 {
        return Err(not("a table has an unusual width"));
    }
    let mut unpacked: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut above = vec![0; columns];
    for row in bytes.chunks(columns + 1) {
        let (kind, row) = (row[0], &row[1..]);
        let mut written = vec![0_u8; columns];
        for (column, byte) in row.iter().enumerate() {
            let left = if column == 0 { 0 } else { written[column - 1] };
            let corner = if column == 0 { 0 } else { above[column - 1] };
            let up: u8 = above[column];
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => left.midpoint(up),
                4 => nearest(left, up, corner),
                _ => return Err(not("a row of a table is predicted in an unusual way")),
            };
            written[column] = byte.wrapping_add(guess);
        }
        unpacked.extend(&written);
        above = written;
    }
    Ok(unpacked)
}

/// The neighbour that is nearest to left + up - corner.
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |neighbour: u8| (guess - i16::from(neighbour)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}
