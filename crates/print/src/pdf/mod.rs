//! A PDF of pages on which texts, lines and boxes stand.

mod canvas;
mod file;
pub(crate) mod font;
mod icc;
mod letters;
pub(crate) mod text;

pub(crate) use canvas::{Canvas, Colour};
pub(crate) use file::{About, Pages, pages, write};
pub(crate) use font::Weight;

/// Compresses bytes as a stream holds them: always to the same bytes.
pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6)
}
