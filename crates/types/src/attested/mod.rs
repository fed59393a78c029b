//! Refusals that programs compare: what people were told by the service, in one table.
//!
//! The table is where the server takes its words from, not a copy of them: whoever refuses names a row and fills its
//! places. Use cases take the words; status, code and headers of the row are for the edge alone.

mod codes;

use std::fmt::{Display, Write as _};

pub use codes::ErrorCode;

/// A header: name and value.
pub type Header = (&'static str, &'static str);

/// Declares the table: name, code, text with a `{}` for each value, where it was seen, headers.
macro_rules! attested {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident = $code:ident, $text:literal, $source:literal $(, $header:literal: $value:literal)*;
    )+) => {
        /// A refusal that programs compare. A text that ends in `…` is followed by words of ours.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Attested {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Attested {
            /// The whole table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its code, from which the status follows.
            pub const fn code(self) -> ErrorCode {
                match self {
                    $(Self::$name => ErrorCode::$code,)+
                }
            }

            /// Its text, with `{}` where values stand.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// The threads in which people were told so: `docs`, `cs`, `1c` and `java` are the vendor's public
            /// repositories diadocapi-docs, diadocsdk-csharp, diadocsdk-1c-docs and diadocsdk-java; else the documentation.
            pub const fn source(self) -> &'static str {
                match self {
                    $(Self::$name => $source,)+
                }
            }

            /// The headers that come with it.
            pub const fn headers(self) -> &'static [Header] {
                match self {
                    $(Self::$name => &[$(($header, $value)),*],)+
                }
            }
        }
    };
}

attested! {
    /// Nobody said who calls.
    NoAuthorization = Auth, "Authorization header is not filled", "docs#221",
        "WWW-Authenticate": "Basic realm=\"diadoc\", DiadocAuth";
    /// The API client is not known.
    UnknownClient = Auth, "Invalid API client id", "docs#114";
    /// The token is not known, has expired, or belongs to another client.
    BadToken = Auth, "Invalid auth token", "docs#116";
    /// Login or password is wrong.
    WrongPassword = Auth, "Wrong password provided for login", "docs#946";
    /// The box is not paid for.
    NotPaid = PaymentRequired, "Доступ запрещён. Необходима оплата тарифа АПИ", "cs#918";
    /// The caller has no access to the box.
    BoxDenied = Forbidden, "Access to Box [{}] is denied", "docs#175, docs#930";
    /// The caller's organization is named by an id that none has.
    NotMyOrganization = Forbidden, "No organization was found for orgId: {}", "cs#339, docs#608";
    /// Not all departments are seen.
    NotAllDepartments = Forbidden, "User must have access to all departments in organization {}…", "documentation";
    /// The document lies in a department that is not seen.
    DocumentDenied = DocumentDenied, "У вас нет доступа к документу…", "documentation";

    /// Nobody has the box.
    UnknownBox = NotFound, "Unknown box: {}", "cs#1164";
    /// No organization has the id: which id, and its value.
    NoOrganization = NotFound, "No organization found with {} = {}", "cs#1164";
    /// INN and KPP are those of nobody, or of several.
    NotOneOrganization = NotFound, "No organization found or exists more than one with inn = {}, kpp = {}", "docs#486";
    /// What is asked for is no document of the box: message and entity.
    NoDocument = NotFound, "Document {}:{} not found", "cs#966";
    /// The message that is shown has no such document: entity and message.
    NoDocumentInMessage = NotFound, "Document {} not found in message {}", "docs#558";
    /// The message that is to be changed is not in the box: box and message.
    UnknownMessage = DocumentNotFound, "Сообщение {}:{} не найдено", "cs#817";
    /// The organization has no such department.
    UnknownDepartment = DepartmentNotFound, "Department wasn't found", "documentation";

    /// The box is not named, or not by its id.
    NoBoxParameter = BadRequest, "Could not get boxId from query param", "cs#845";
    /// Something required is not in the query, or is no id.
    NoParameter = BadRequest, "Could not find or parse {} query param", "cs#51";
    /// What is in the query is no id.
    BadIdParameter = BadRequest, "Could not parse {} query param", "1c#504";
    /// What is in the query cannot be read, or stands there twice: name, and the values with commas.
    BadParameter = BadRequest, "{}: Could not parse query param: {}", "docs#1046";
    /// The place in a list is none that the server gave.
    BadCursor = BadRequest, "cursor must have valid value", "docs#1078";

    /// There is no body.
    EmptyBody = BadRequest, "Request body cannot be empty", "docs#851";
    /// The body is not the structure.
    UnreadableBody = BadRequest, "Can't deserialize request body into type: {}…", "docs#742, docs#768";
    /// A field of a structure is missing.
    RequiredField = BadRequest, "{} is required field", "1c#19, 1c#75";
    /// A field of a patch is missing.
    RequiredFieldOfPatch = BadRequest, "{} is required field.", "docs#618";
    /// A box is named by what is no id of a box.
    BadBoxId = BadRequest, "BoxId field is not valid box id: {}", "docs#59, docs#945";
    /// The structure of a file to be made has no signer: the structure.
    NoSigner = BadRequest, "{}.Signer should not be empty.", "docs#143";

    /// Nothing is posted.
    NoDocuments = BadRequest, "MessageToPost should contain at least one attachment.", "docs#280, docs#713";
    /// Nothing is added.
    EmptyPatch = BadRequest, "{} should contain at least one entity", "documentation";
    /// A document has no type.
    NoType = BadRequest, "{}: Incorrect DocumentAttachment. TypeNamedId must be specified", "docs#648";
    /// The type has no such workflow: document, type, workflow.
    WrongWorkflow = BadRequest, "{}: Document of type: [{}] does not support workflow [{}]…", "1c#864";
    /// An attribute is missing.
    NoAttribute = BadRequest, "{}: Невозможно получить данные по ключу: {}", "docs#625, docs#921";
    /// Attributes are given that the file itself has.
    OddAttributes = BadRequest, "{}: Provided odd metadata items. Keys: {}", "docs#1028";
    /// No file may have this name.
    BadFileName = BadRequest,
        "{}: Имя файла не должно содержать символы < > : “ / \\ | ? * или заканчиваться точкой, пробелом",
        "java#196, 1c#559";
    /// Nobody put the file on the shelf.
    NotOnShelf = BadRequest, "{}: File '{}' not found in temporary file storage", "docs#1032";
    /// What is kept unsent is signed.
    SignatureOfUnsent = BadRequest, "{}.Signature should be empty in draft or delayed send", "docs#1087";
    /// A document of the same request is named that is not there.
    UnknownReference = BadRequest, "Can't find referred entity <THIS_MESSAGE>: {}", "1c#1210";
    /// What is answered is nothing of the message that can be.
    BadParent = BadRequest, "{}: Некорректная ссылка на родительский файл…", "documentation";
    /// Only the sender cancels what the state was told of the goods.
    NotTheSender = BadRequest, "Only sender can cancel TtGis fixation", "documentation";
    /// The file is not of the type, function and version.
    NotInFormat = InvalidFileContent, "{}: Документ не может быть отправлен в указанном формате…",
        "docs#516, docs#711, 1c#500, 1c#543";
    /// The file breaks a rule of its format: document, then the places and what is wrong there.
    BadContent = InvalidFileContent, "{}: { Location = {}, Message = {}", "docs#242, docs#518, cs#640, cs#793, 1c#1126";

    /// An answering title is none, or not of the format.
    OtherTitleFormat = NotCorrespondingTitleFormat,
        "{}: Формат титула покупателя должен соответствовать формату титула продавца ({})", "cs#978, docs#1025";
    /// No such file can be made for this entity.
    OtherDocumentType = InvalidDocumentType, "ErrorCode: DocumentService.InvalidDocumentType (Http.Conflict)…",
        "cs#854, cs#858, cs#973";
    /// The document is not waiting for that.
    OtherState = InvalidDocumentState, "Текущее состояние документа не позволяет {}…", "docs#759, docs#974";
    /// Somebody else was asked to sign.
    HandedOver = InvalidDocumentState, "Документ передан на подпись…", "1c#354";
    /// Nothing is done to it any more.
    Revoked = DocumentIsRevoked, "Документ уже аннулирован…", "documentation";
    /// The request to revoke waits for an answer.
    UnderRevocation = RevocationInProgress, "Документ аннулирован или находится в процессе аннулирования…", "documentation";
    /// Documents of a locked packet are left out.
    PartOfPacket = SignWholePacket, "Необходимо подписать все документы в пакете…", "documentation";
    /// The document knows no such answer: command and document.
    NoSuchAnswer = Conflict, "Команда {} не поддерживается документом {}…", "documentation";
    /// No further signature is taken today: attempts, and how many may be.
    TooManyFailedSignatures = Conflict,
        "Too many failed signatures today. There were {} attempts, but max allowed per day is {}", "docs#857";
    /// The recipient takes nothing from strangers.
    CounteragentsOnly = Conflict, "Recipient allows to receive messages only from counteragents", "docs#530";
    /// The recipient declined the sender, or broke up with it.
    BlockedSender = Conflict, "Recipient forbids to receive messages from blocked senders", "docs#530";
    /// The same operation is still running.
    InProgress = Conflict, "Request processing is in progress. Please, retry later.", "docs#530", "Retry-After": "1";
}

/// Where a value stands.
const PLACE: &str = "{}";
/// Ours goes on here.
const MORE: char = '…';

impl Attested {
    /// The text with the values in their places, without what follows of ours.
    ///
    /// # Panics
    /// In builds for tests, when there are more or fewer values than places.
    pub fn words(self, values: &[&dyn Display]) -> String {
        let mut parts = self.text().trim_end_matches(MORE).split(PLACE);
        let mut words = parts.next().unwrap_or_default().to_owned();
        let mut values = values.iter();
        for part in parts {
            let value = values.next();
            debug_assert!(value.is_some(), "{self:?} has more places than values");
            if let Some(value) = value {
                let _infallible = write!(words, "{value}");
            }
            words.push_str(part);
        }
        debug_assert!(values.next().is_none(), "{self:?} has more values than places");
        words
    }

    /// Whether `text` has the form of the row.
    pub fn fits(self, text: &str) -> bool {
        let mut parts = self.text().trim_end_matches(MORE).split(PLACE);
        let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
        let goes_on = self.text().ends_with(MORE);
        let parts: Vec<&str> = parts.collect();
        for (i, part) in parts.iter().enumerate() {
            let is_last = i + 1 == parts.len();
            let found = match (is_last && !goes_on, part.is_empty()) {
                (true, _) => return rest.ends_with(part),
                (false, true) => Some(rest.len()),
                (false, false) => rest.find(part).map(|at| at + part.len()),
            };
            let Some(end) = found else { return false };
            rest = &rest[end..];
        }
        goes_on || rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_form_of_their_row() {
        for row in Attested::ALL {
            let places = row.text().matches(PLACE).count();
            let values: Vec<&dyn Display> = (0..places).map(|_| &"x" as &dyn Display).collect();
            let words = row.words(&values);
            assert!(row.fits(&words), "{row:?}: {words}");
            assert!(!row.fits(&format!("Ы{words}")) || row.text().starts_with(PLACE), "{row:?}");
            let more = format!("{words}: more");
            let is_open = row.text().ends_with([MORE, '}']);
            assert_eq!(row.fits(&more), is_open, "{row:?}: {more}");
            assert!(!row.source().is_empty(), "{row:?} was seen nowhere");
        }
    }

    #[test]
    fn values_stand_in_their_places() {
        assert_eq!(Attested::BadParameter.words(&[&"a", &"1,2"]), "a: Could not parse query param: 1,2");
        assert!(Attested::BadParameter.fits("a: Could not parse query param: 1,2"));
        assert!(!Attested::BadParameter.fits("a: Could not read query param: 1,2"));
        assert!(Attested::NoSigner.fits("SignatureRejectionInfo.Signer should not be empty."));
        assert!(!Attested::NoSigner.fits("SignatureRejectionInfo.Signer should not be empty. Fill it"));
        assert!(Attested::BadContent.fits("a: { Location = /b, Message = c };{ Location = d, Message = e }"));
    }

    #[test]
    fn every_code_is_its_own() {
        let mut codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ErrorCode::ALL.len());
        assert!(ErrorCode::ALL.iter().all(|code| (400..600).contains(&code.status())));
    }
}
