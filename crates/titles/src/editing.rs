//! Titles that are stored before all is known, and get what is missing until they are sent (`EditingSettingId`).
//!
//! A setting says what that may be: the number of the document, its date, the seller's bank, the documents of shipment or of
//! payment. What is given is an *edition*, a small XML; the title is taken apart, and made anew with what stands there.

use std::collections::HashMap;

use potok_fns::xml::{Attribute, Document, Element, Fault, Position, XmlError, shorten};

use crate::contract::{Contract, VIOLATIONS};
use crate::data::is_hint;
use crate::generate::generate;
use crate::renew::{empty, is_about_signers, set_attribute};
use crate::rule::Rule;
use crate::{Format, LIMITS, Sources, Title, Violations, parse};

/// Versions of the format whose titles are edited.
const VERSIONS: [&str; 2] = ["utd970_05_03_01", "utd970_05_02_01"];
/// Functions that have settings, in the order of the ids.
const FUNCTIONS: [&str; 3] = ["СЧФ", "ДОП", "СЧФДОП"];

/// What may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Date,
    Bank,
    /// With codes for which the format has no place.
    BankAndCodes,
    Shipment,
    Payments,
}

use Part::{Bank, BankAndCodes, Date, Payments, Shipment};

/// Settings as the public documentation numbers them, for each of [`FUNCTIONS`]. The number of the document may always be given.
const SETTINGS: [(&[Part], [&str; 3]); 11] = [
    (
        &[],
        [
            "504187FD-5B4B-4213-BEA8-3F4A6DABDE83",
            "6453D326-2FD7-4CC3-BAD0-1B1ECFBEACCD",
            "FE9CB947-3D6E-4B7C-BF71-55B32073902A",
        ],
    ),
    (
        &[Date],
        [
            "65876195-F709-48E0-86EA-98436C95D171",
            "75238641-F624-46CB-9351-D43197F99A49",
            "0F3F6839-6922-4D09-A117-D1D1C42BCE88",
        ],
    ),
    (
        &[Bank],
        [
            "A4FA1599-FEC5-47F0-9E8A-C8E6E554766B",
            "2C0CA1AA-0584-4E96-9CCF-E3F3A71F55E9",
            "A95D08A8-DFE2-472D-B5AE-D491807F9D09",
        ],
    ),
    (
        &[Date, Bank],
        [
            "A5969510-3ADE-44B9-832C-1D641ECAF838",
            "F45AA290-9746-443D-A609-1F2330B4AED7",
            "62C0BAD0-A8E0-46C1-AD1F-819E98738360",
        ],
    ),
    (
        &[Date, BankAndCodes],
        [
            "6A6D58C6-6B76-4645-9C59-5DDE4640296D",
            "22CB9636-FD60-48AD-9D77-F48B6CF8335D",
            "C8BADFA2-C54B-4791-B6C0-0DF6B025B9EF",
        ],
    ),
    (
        &[Shipment],
        [
            "C846334C-48C8-496B-A85E-942B243CB04D",
            "D4D7243E-46E2-431C-BDE6-C65E43132473",
            "01D3933B-CC3F-48AE-9B52-B966BF30EF25",
        ],
    ),
    (
        &[Date, Shipment],
        [
            "4AAA5F83-726F-4500-8872-38C7E0C2C35F",
            "5971BA39-A114-431A-88B9-C838E4F8F9A4",
            "24C24E0F-5FA5-4D3C-A6E4-FA4E2992F833",
        ],
    ),
    (
        &[Bank, Shipment],
        [
            "58EE18D2-C340-43FB-AB7A-86B7A9C838BA",
            "B2B8F35C-0790-45E9-BB82-6A02047B31FF",
            "E3AF6015-EF50-43D1-997E-4753DAD7E377",
        ],
    ),
    (
        &[Date, Bank, Shipment],
        [
            "BDB34C38-BDC8-4D74-9451-89A5533C67A3",
            "1E0B1AF5-2A89-498E-9744-B02E261FF3FF",
            "C990CFA4-E977-4FAF-BA2D-AFB64C0DF6E2",
        ],
    ),
    (
        &[Date, BankAndCodes, Shipment],
        [
            "ACA922F7-1CD6-441E-9F3B-A98ED3CC0487",
            "C2A8A952-FF1C-45C2-9C3B-CD3B033518E8",
            "8D26DADE-EB4A-4812-ABC3-CEEF87C5AC56",
        ],
    ),
    (
        &[Date, Payments],
        [
            "E88C9363-C3A2-4C29-9DB5-4052FCC1DDAF",
            "83836C99-630D-4110-B5F5-5E5AA58F27FD",
            "B07FAC37-FF8A-4CFF-B944-1E9D32DBDB10",
        ],
    ),
];

/// An attribute of an edition: its name, whether it has to be there, the rule of its value, and its name in the contract.
type Value = (&'static str, bool, &'static str, &'static str);

const NUMBER: Value = ("DocumentNumber", true, "text(1000)", "DocumentNumber");
const DATE: Value = ("DocumentDate", true, "date", "DocumentDate");
const BANK: [Value; 4] = [
    ("CorrespondentAccount", false, "digits(20)", "CorrespondentAccount"),
    ("BankAccountNumber", false, "digits(20)", "BankAccountNumber"),
    ("BankName", false, "text(1000)", "BankName"),
    ("BankId", false, "digits(9)", "BankId"),
];
const CODES: [&str; 3] = ["BudgetCode", "OktmoCode", "UniqueId"];
const SHIPMENT: [Value; 3] = [
    ("Name", true, "text(255)", "DocumentName"),
    ("Number", true, "text(255)", "DocumentNumber"),
    ("Date", true, "date", "DocumentDate"),
];
const PAYMENT: [Value; 3] = [
    ("Date", false, "date", "Date"),
    ("Number", false, "text(30)", "Number"),
    ("Total", false, "money", "Total"),
];
/// Documents of payment that one edition may have.
const PAYMENTS: usize = 10;

const WITH_BANK: &str = "EditionViewModel";
const WITHOUT_BANK: &str = "UniversalTransferDocument";

/// What of a title may be given after it was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Editing {
    parts: &'static [Part],
    function: &'static str,
}

/// What is given, held to its setting.
#[derive(Clone, Debug)]
pub struct Edition {
    editing: Editing,
    root: Element,
}

impl Editing {
    /// The setting that programs call `id`, in any case.
    pub fn find(id: &str) -> Option<Self> {
        SETTINGS.iter().find_map(|(parts, ids)| {
            let place = ids.iter().position(|known| known.eq_ignore_ascii_case(id))?;
            Some(Self { parts, function: FUNCTIONS[place] })
        })
    }

    /// The function of the titles for which it is.
    pub fn function(self) -> &'static str {
        self.function
    }

    /// The format of its titles in `version`, if they are edited in that.
    pub fn format(self, version: &str) -> Option<Format> {
        VERSIONS.contains(&version).then(|| Format::find(version, 0)).flatten()
    }

    /// What is wrong with a title beside what may still be given, and beside its signers: they are put there when it is signed.
    ///
    /// # Errors
    /// All of it.
    pub fn check(self, format: Format, title: &[u8]) -> Result<(), Violations> {
        let mut found = violations(format, title)?;
        found.retain(|violation| !self.excuses(violation) && !is_about_signers(violation));
        if found.is_empty() { Ok(()) } else { Err(found) }
    }

    /// What of a title still has to be given.
    ///
    /// # Errors
    /// It is not XML.
    pub fn missing(self, format: Format, title: &[u8]) -> Result<Violations, Violations> {
        let mut found = violations(format, title)?;
        found.retain(|violation| self.excuses(violation));
        Ok(found)
    }

    /// Reads what is given.
    ///
    /// # Errors
    /// Everything that the setting does not allow.
    pub fn read(self, xml: &[u8]) -> Result<Edition, Violations> {
        let root = Document::parse(xml, &LIMITS).map_err(|error| vec![error])?.root;
        let expected = if self.has_bank() { WITH_BANK } else { WITHOUT_BANK };
        if root.name != expected {
            let fault = Fault::OtherDocument { expected: expected.to_owned(), found: shorten(&root.name) };
            return Err(vec![XmlError { position: Some(root.position), place: String::new(), fault }]);
        }
        let mut check = Check { found: Vec::new() };
        let values = if self.has(Date) { &[NUMBER, DATE][..] } else { &[NUMBER] };
        check.attributes(expected, &root, values);
        check.children(expected, &root, |name| match name {
            "SellerBankDetails" => self.has_bank().then_some(1),
            "DocumentShipment" => self.has(Shipment).then_some(1),
            "PaymentDocuments" => self.has(Payments).then_some(1),
            _ => None,
        });
        match root.child("SellerBankDetails") {
            Some(bank) => check.bank(bank, self.has(BankAndCodes)),
            None if self.has_bank() => {
                check.tell(root.position, expected, Fault::MissingElement("SellerBankDetails".to_owned()));
            }
            None => {}
        }
        if let Some(shipment) = root.child("DocumentShipment") {
            check.attributes("DocumentShipment", shipment, &SHIPMENT);
            check.children("DocumentShipment", shipment, |_| None);
        }
        if let Some(payments) = root.child("PaymentDocuments") {
            check.attributes("PaymentDocuments", payments, &[]);
            check.children("PaymentDocuments", payments, |name| (name == "Document").then_some(PAYMENTS));
            for payment in payments.children_named("Document") {
                check.attributes("PaymentDocuments/Document", payment, &PAYMENT);
                check.children("PaymentDocuments/Document", payment, |_| None);
            }
        }
        if check.found.is_empty() { Ok(Edition { editing: self, root }) } else { Err(check.found) }
    }

    fn has(self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    fn has_bank(self) -> bool {
        self.has(Bank) || self.has(BankAndCodes)
    }

    /// It may still be given: nothing else that a setting names has to be in a title. Whoever has not written the title yet is
    /// told in the words of the contract.
    pub(crate) fn excuses(self, violation: &XmlError) -> bool {
        let Fault::MissingAttribute(name) = &violation.fault else { return false };
        let of_title = violation.place.ends_with("/СвСчФакт");
        let of_contract = violation.place == WITHOUT_BANK;
        match name.as_str() {
            "НомерДок" => of_title,
            "DocumentNumber" => of_contract,
            "ДатаДок" => of_title && self.has(Date),
            "DocumentDate" => of_contract && self.has(Date),
            _ => false,
        }
    }
}

fn violations(format: Format, title: &[u8]) -> Result<Violations, Violations> {
    let document = Document::parse(title, &LIMITS).map_err(|error| vec![error])?;
    Ok(parse::parse(format.table(), &document).1)
}

/// Holds an edition to its setting.
struct Check {
    found: Violations,
}

impl Check {
    fn attributes(&mut self, place: &str, element: &Element, values: &[Value]) {
        for (name, is_required, rule, _) in values {
            let given = element.attributes.iter().find(|attribute| attribute.name == *name);
            match given {
                Some(attribute) => {
                    let rule = Rule::named(rule, &HashMap::new()).expect("the rules of editions have names");
                    if let Err(fault) = rule.to_title(&attribute.value) {
                        self.tell(attribute.position, &format!("{place}/@{name}"), fault);
                    }
                }
                None if *is_required => {
                    self.tell(element.position, place, Fault::MissingAttribute((*name).to_owned()));
                }
                None => {}
            }
        }
        for attribute in element.attributes.iter().filter(|attribute| !is_hint(attribute)) {
            if !values.iter().any(|(name, ..)| attribute.name == *name) {
                self.tell(attribute.position, place, Fault::UnexpectedAttribute(shorten(&attribute.name)));
            }
        }
        if !element.text.trim().is_empty() {
            self.tell(element.position, place, Fault::UnexpectedText);
        }
    }

    /// `most` says how many elements of a name there may be.
    fn children(&mut self, place: &str, element: &Element, most: impl Fn(&str) -> Option<usize>) {
        // Of names that may be there, of which there are few.
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for child in &element.children {
            let is_surplus = most(&child.name).is_none_or(|most| {
                let number = seen.entry(&child.name).or_default();
                *number += 1;
                *number > most
            });
            if is_surplus {
                self.tell(child.position, place, Fault::UnexpectedElement(shorten(&child.name)));
            }
        }
    }

    fn bank(&mut self, bank: &Element, has_codes: bool) {
        let place = "SellerBankDetails";
        let code = bank.attributes.iter().find(|attribute| CODES.contains(&attribute.name.as_str()));
        if let Some(code) = code.filter(|_| has_codes) {
            let fault = Fault::Contradiction {
                ru: "в титуле приказа 970 нет места для КБК, ОКТМО и УИН",
                en: "titles of order 970 have no place for BudgetCode, OktmoCode and UniqueId",
            };
            self.tell(code.position, &format!("{place}/@{}", code.name), fault);
            return;
        }
        self.attributes(place, bank, &BANK);
        self.children(place, bank, |_| None);
    }

    fn tell(&mut self, position: Position, place: &str, fault: Fault) {
        if self.found.len() >= VIOLATIONS {
            return;
        }
        self.found.push(XmlError { position: Some(position), place: place.to_owned(), fault });
    }
}

impl Format {
    /// The title with what `edition` gives, of now and with a new name. Its signers stay, also where it has none yet.
    ///
    /// # Errors
    /// Everything that the format does not allow.
    pub fn edit(self, title: &[u8], edition: &Edition, sources: &Sources<'_>) -> Result<Title, Violations> {
        let excused =
            |violation: &XmlError| is_about_signers(violation) || edition.editing.excuses(violation);
        let mut contract = Contract::read_back(self, title, excused)?;
        contract.edit(edition);
        let (made, mut violations) = generate(self.table(), &contract, sources, None, (&[], None));
        violations.retain(|violation| !is_about_signers(violation));
        match made {
            Some(made) if violations.is_empty() => Ok(made.into()),
            _ => Err(violations),
        }
    }
}

impl Contract {
    fn edit(&mut self, Edition { root, .. }: &Edition) {
        copy(root, &mut self.root, &[NUMBER, DATE]);
        if let Some(bank) = root.child("SellerBankDetails") {
            let seller = ["Sellers", "Seller", "OrganizationDetails"];
            let found = seller.iter().try_fold(&mut self.root, |element, step| {
                element.children.iter_mut().find(|child| child.name == *step)
            });
            if let Some(seller) = found {
                copy(bank, seller, &BANK);
            }
        }
        if let Some(shipment) = root.child("DocumentShipment") {
            self.replace("DocumentShipments", "DocumentShipment", [shipment], &SHIPMENT);
        }
        if let Some(payments) = root.child("PaymentDocuments") {
            self.replace("PaymentDocuments", "Document", payments.children_named("Document"), &PAYMENT);
        }
    }

    /// Puts `given` in the place of everything in the list `list`.
    fn replace<'a>(
        &mut self,
        list: &str,
        name: &str,
        given: impl IntoIterator<Item = &'a Element>,
        values: &[Value],
    ) {
        self.root.children.retain(|child| child.name != list);
        let mut all = empty(list, self.root.position);
        for from in given {
            let mut to = empty(name, from.position);
            copy(from, &mut to, values);
            all.children.push(to);
        }
        if !all.children.is_empty() {
            self.root.children.push(all);
        }
    }
}

fn copy(from: &Element, to: &mut Element, values: &[Value]) {
    for Attribute { name, value, .. } in &from.attributes {
        if let Some((.., called)) = values.iter().find(|(known, ..)| name == known) {
            set_attribute(to, called, value);
        }
    }
}
