//! `docs/errors.md`: every code, and every text with what to do about it. Written from the rows of `refusals!`.

use std::error::Error;
use std::fmt::Write as _;

use potok_app::{
    AccessError, ExchangeError, LoginError, Missing, PaperError, PartnersError, PeopleError, PowersError,
    PrintError, ReadingError, ShelfError, SigningError, WebhookError,
};
use potok_domain::access::Denied;
use potok_domain::decide::Rejection;
use potok_domain::directory::{AttachRefusal, DirectoryConflict};
use potok_domain::powers::RegisterRefusal;
use potok_domain::relation::{GroupRefusal, RelationRefusal};
use potok_domain::signing::SigningRefusal;
use potok_translate::BadRequest;
use potok_types::Attested;

use super::sample;
use crate::{ApiError, ErrorCode};

/// An error that says of all its variants how they are told.
pub(crate) trait Refusals: Sized {
    /// One row for each variant that has a text of its own.
    fn rows() -> Vec<Row>;
}

/// How one variant is told.
pub(crate) struct Row {
    told: ApiError,
    cure: &'static str,
}

impl Row {
    /// `sample` is one of the variant.
    pub(crate) fn new(sample: impl Error + Into<ApiError>, cure: &'static str) -> Self {
        Self { told: sample.into(), cure }
    }
}

const HEAD: &str = "\
# Errors

<!-- Written by a test from the matches of the code: POTOK_BLESS=1 cargo test -p potok-http -->

A refused call is answered by a status, by `X-Diadoc-ErrorCode` with one of the codes below, and by a text for people in the
body (`text/plain; charset=utf-8`). Every answer has `X-Kontur-Trace-Id`; the log has a line with the same id. `/connect/token`
answers in JSON with `error` and `error_description`, as RFC 6749 has it. In the texts below `‹box›`, `‹message›` and so on
stand for ids.

Programs compare codes, and some compare texts. What people were told by the service is told in the same words: the column
`seen in` names the threads of the vendor's public repositories (`docs` diadocapi-docs, `cs` diadocsdk-csharp, `1c`
diadocsdk-1c-docs, `java` diadocsdk-java), or the documentation. What has nothing there is ours and may get better; it says what
is wrong, where, and what to do.

## Codes

";

/// Where the errors of one kind come from.
fn section<E: Refusals>(page: &mut String, title: &str) {
    let _infallible = write!(
        page,
        "\n## {title}\n\n| status | code | text | what to do | seen in |\n|---|---|---|---|---|\n"
    );
    for Row { told, cure, .. } in E::rows() {
        let retry = told.retry_after_seconds.map(|seconds| format!(" (`Retry-After: {seconds}`)"));
        let (status, code, retry) = (told.code.status(), told.code.as_str(), retry.unwrap_or_default());
        let text = cell(&sample::nameless(&told.text));
        let source = told.row.map(Attested::source).unwrap_or_default();
        let _infallible = writeln!(page, "| {status}{retry} | `{code}` | {text} | {cure} | {source} |");
    }
}

/// The table of what programs compare.
fn attested(page: &mut String) {
    page.push_str(
        "\n## Texts that programs compare\n\nValues stand in the place of `{}`; after `…` words of ours follow.\n\n\
         | status | code | text | headers | seen in |\n|---|---|---|---|---|\n",
    );
    for row in Attested::ALL {
        let (status, code) = (row.code().status(), row.code().as_str());
        let headers: Vec<String> =
            row.headers().iter().map(|(name, value)| format!("`{name}: {value}`")).collect();
        let (text, headers, source) = (cell(row.text()), headers.join(", "), row.source());
        let _infallible = writeln!(page, "| {status} | `{code}` | {text} | {headers} | {source} |");
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("| status | code | when | what to do | seen in |\n|---|---|---|---|---|\n");
    for code in ErrorCode::ALL {
        let (status, name, when) = (code.status(), code.as_str(), code.when().trim());
        let (cure, source) = (code.cure(), code.source());
        let _infallible = writeln!(page, "| {status} | `{name}` | {when} | {cure} | {source} |");
    }
    attested(&mut page);
    section::<AccessError>(&mut page, "Who calls, and in which box");
    section::<Denied>(&mut page, "Rights inside a box");
    section::<Missing>(&mut page, "What is not there");
    section::<ReadingError>(&mut page, "Showing the exchange");
    section::<PaperError>(&mut page, "Official files");
    section::<PrintError>(&mut page, "Print forms, protocols, archives");
    section::<LoginError>(&mut page, "Logging in");
    section::<PeopleError>(&mut page, "Organizations and people");
    section::<DirectoryConflict>(&mut page, "Changing departments and employees");
    section::<PartnersError>(&mut page, "Counteragents");
    section::<RelationRefusal>(&mut page, "The rules of invitations");
    section::<GroupRefusal>(&mut page, "The rules of groups of counteragents");
    section::<SigningError>(&mut page, "Signing by keys that the server holds");
    section::<SigningRefusal>(&mut page, "The rules of signing by such keys");
    section::<PowersError>(&mut page, "Powers of attorney");
    section::<AttachRefusal>(&mut page, "Powers of attorney of employees");
    section::<RegisterRefusal>(&mut page, "The rules of the register of powers of attorney");
    section::<ShelfError>(&mut page, "The shelf");
    section::<WebhookError>(&mut page, "Webhooks");
    section::<ExchangeError>(&mut page, "Posting");
    section::<Rejection>(&mut page, "The rules of the exchange");
    section::<BadRequest>(&mut page, "Requests that cannot be read, and parts of the API that are not built");
    page
}

/// Errors that have rows, of which `page` has no section or several.
fn not_told_once(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let named =
                text.split("\nrefusals! {\n").skip(1).map(|rows| rows.split_once(" {").unwrap().0.trim());
            let sections = |name: &str| page.matches(&format!("section::<{name}>(")).count();
            found.extend(named.filter(|name| sections(name) != 1).map(str::to_owned));
        }
    }
    found
}

#[test]
fn the_page_tells_every_error() {
    let without = not_told_once("");
    assert!(without.len() > 20 && without.contains(&"SigningError".to_owned()), "{without:?}");
    assert_eq!(not_told_once(include_str!("page.rs")), [""; 0], "each wants one section");
    potok_golden::check(potok_golden::path!("../../docs/errors.md"), page());
}
