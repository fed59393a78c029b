//! The table of what programs compare, row by row, over HTTP: each row is provoked, and told as the table has it.

pub(crate) mod place;
mod provoked;

use potok_types::Attested;

use self::place::Place;

/// Rows that no stranger's call reaches in a test, and what shows them instead.
const NOT_HERE: &[(Attested, &str)] = &[
    (Attested::InProgress, "two calls at once: `what_may_be_repeated_says_when` in potok-http"),
    (
        Attested::TooManyFailedSignatures,
        "a story with bad signatures in `testdata/refusals.txt` of potok-http",
    ),
];

#[tokio::test]
async fn w8_every_row_of_the_table_is_told_over_http() {
    let place = Place::new().await;
    for row in Attested::ALL.iter().filter(|row| NOT_HERE.iter().all(|(known, _)| known != *row)) {
        let told = provoked::told(&place, *row).await;
        let (code, text) = (told.header("x-diadoc-errorcode").unwrap_or_default(), told.text());
        assert_eq!((told.status, code), (row.code().status(), row.code().as_str()), "{row:?}: {text}");
        assert!(row.fits(&text), "{row:?}: {text}");
        assert_eq!(told.header("content-type"), Some("text/plain; charset=utf-8"), "{row:?}");
        for (name, value) in row.headers() {
            assert_eq!(told.header(&name.to_ascii_lowercase()), Some(*value), "{row:?}");
        }
    }
    place.end().await;
}
