//! Who takes part in an exchange.

use crate::form::{Form, Result, Rule, codes};
use crate::version::Version;
use crate::xml::Fault;

/// Surname, given name and patronymic of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FullName {
    /// Surname, 1 to 60 characters.
    pub last: String,
    /// Given name, 1 to 60 characters.
    pub first: String,
    /// Patronymic, 1 to 60 characters.
    pub middle: Option<String>,
}

impl FullName {
    /// Splits a name by spaces: surname, given name, and all the rest as patronymic. A leading `ИП` is dropped.
    ///
    /// A missing part stays empty, which a format then refuses by its name.
    pub fn split(name: &str) -> Self {
        let mut words = name.split_whitespace().peekable();
        if words.peek().is_some_and(|word| word.to_uppercase() == "ИП") {
            words.next();
        }
        let last = words.next().unwrap_or_default().to_owned();
        let first = words.next().unwrap_or_default().to_owned();
        let middle = words.collect::<Vec<_>>().join(" ");
        Self { last, first, middle: (!middle.is_empty()).then_some(middle) }
    }
}

/// A participant of the exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participant {
    /// Id among all participants, as `2BM-9901000010-990101001-202611010900000000001`.
    pub fns_id: String,
    /// Who it is.
    pub identity: Identity,
}

/// Who a participant is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// A legal entity.
    Organization {
        /// Name, 1 to 1000 characters.
        name: String,
        /// INN, 10 digits.
        inn: String,
        /// KPP, 9 characters; letters beyond `F` only since version 1.03.
        kpp: String,
    },
    /// An individual entrepreneur.
    Entrepreneur {
        /// INN, 12 digits.
        inn: String,
        /// The person.
        name: FullName,
    },
    /// A natural person; since version 1.03.
    Person {
        /// INN, 12 digits.
        inn: String,
        /// The person.
        name: FullName,
    },
    /// Someone from abroad who is not registered with the tax service; since version 1.03.
    Foreign(Foreign),
}

impl Default for Identity {
    fn default() -> Self {
        Self::Organization { name: String::new(), inn: String::new(), kpp: String::new() }
    }
}

/// Someone from abroad. Give country and name always: the published rules for the other combinations look up attributes
/// that do not exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreign {
    /// Organization or person.
    pub kind: ForeignKind,
    /// Numeric code of the country, 3 digits.
    pub country: Option<String>,
    /// Name, at most 1000 characters.
    pub name: Option<String>,
    /// Code of the tax payer in the country of registration, at most 50 characters.
    pub tax_code: Option<String>,
    /// Anything else, at most 255 characters.
    pub other: Option<String>,
}

/// Whether someone from abroad is an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForeignKind {
    /// An organization.
    #[default]
    Organization,
    /// A person.
    Person,
}

codes!(ForeignKind { Organization = "ЮЛ", Person = "ФЛ" });

/// The operator of the exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operator {
    /// Name, 1 to 1000 characters.
    pub name: String,
    /// INN, 10 digits.
    pub inn: String,
    /// Code among operators, 3 characters, as `2BM`.
    pub code: String,
}

pub(crate) fn operator(form: &mut Form<'_>, version: Version, operator: &mut Operator) -> Result<()> {
    form.element("ОперЭДО", |form| {
        form.attr("НаимОрг", &mut operator.name, Rule::Text(1000))?;
        form.attr("ИННЮЛ", &mut operator.inn, Rule::InnOrganization)?;
        let any = form.reading() && !version.is_current();
        let rule = if any { Rule::OperatorCodeOfAny } else { Rule::OperatorCode };
        form.attr("ИдОперЭДО", &mut operator.code, rule)
    })
}

pub(crate) fn full_name(form: &mut Form<'_>, name: &mut FullName) -> Result<()> {
    form.element("ФИО", |form| full_name_attributes(form, name))
}

pub(crate) fn full_name_attributes(form: &mut Form<'_>, name: &mut FullName) -> Result<()> {
    form.attr("Фамилия", &mut name.last, Rule::Text(60))?;
    form.attr("Имя", &mut name.first, Rule::Text(60))?;
    form.attr_opt("Отчество", &mut name.middle, Rule::Text(60))
}

/// Names of the elements for an organization and an entrepreneur: one format of one version has others.
pub(crate) type IdentityNames = (&'static str, &'static str);
/// The names in all formats but one.
pub(crate) const IDENTITY: IdentityNames = ("ЮЛ", "ИП");

pub(crate) fn participant(
    form: &mut Form<'_>,
    element: &'static str,
    version: Version,
    participant: &mut Participant,
) -> Result<()> {
    participant_named(form, element, IDENTITY, version, participant)
}

pub(crate) fn participant_named(
    form: &mut Form<'_>,
    element: &'static str,
    names: IdentityNames,
    version: Version,
    participant: &mut Participant,
) -> Result<()> {
    form.element(element, |form| {
        let rule = participant_id(form, version, 4);
        form.attr("ИдУчастЭДО", &mut participant.fns_id, rule)?;
        identity(form, names, version, &mut participant.identity)
    })
}

/// Older schemas let ids be anything of `least` to 46 characters. What is written keeps the rule of the newest: an id with
/// an underscore would make a file name that nobody can take apart.
pub(crate) fn participant_id(form: &Form<'_>, version: Version, least: usize) -> Rule {
    if form.reading() && !version.is_current() {
        Rule::ParticipantIdOfAny(least)
    } else {
        Rule::ParticipantId
    }
}

pub(crate) fn identity(
    form: &mut Form<'_>,
    names: IdentityNames,
    version: Version,
    identity: &mut Identity,
) -> Result<()> {
    let (organization, entrepreneur) = names;
    if form.reading() {
        *identity = match form.peek() {
            Some(name) if name == organization => Identity::default(),
            Some(name) if name == entrepreneur => {
                Identity::Entrepreneur { inn: String::new(), name: FullName::default() }
            }
            Some("ФЛ") if version.is_current() => {
                Identity::Person { inn: String::new(), name: FullName::default() }
            }
            Some("СвИнУчастНеУч") if version.is_current() => {
                Identity::Foreign(Foreign::default())
            }
            _ if version.is_current() => {
                return Err(form.missing_one_of(&[organization, entrepreneur, "ФЛ", "СвИнУчастНеУч"]));
            }
            _ => return Err(form.missing_one_of(&[organization, entrepreneur])),
        };
    }
    let too_new = |form: &Form<'_>, what: &str| {
        form.error(Fault::NotInVersion { what: what.to_owned(), version: version.as_str() })
    };
    match identity {
        Identity::Organization { name, inn, kpp } => form.element(organization, |form| {
            form.attr("НаимОрг", name, Rule::Text(1000))?;
            form.attr("ИННЮЛ", inn, Rule::InnOrganization)?;
            form.attr("КПП", kpp, if version.is_current() { Rule::Kpp } else { Rule::KppHexadecimal })
        }),
        Identity::Entrepreneur { inn, name } => form.element(entrepreneur, |form| person(form, inn, name)),
        Identity::Person { .. } if !version.is_current() => Err(too_new(form, "ФЛ")),
        Identity::Person { inn, name } => form.element("ФЛ", |form| person(form, inn, name)),
        Identity::Foreign(_) if !version.is_current() => Err(too_new(form, "СвИнУчастНеУч")),
        Identity::Foreign(foreign) => form.element("СвИнУчастНеУч", |form| {
            form.coded("ИдСтат", &mut foreign.kind)?;
            form.attr_opt("СтрРег", &mut foreign.country, Rule::Country)?;
            form.attr_opt("Наим", &mut foreign.name, Rule::Text(1000))?;
            form.attr_opt("КодНПРег", &mut foreign.tax_code, Rule::Text(50))?;
            form.attr_opt("ИныеСвед", &mut foreign.other, Rule::Text(255))
        }),
    }
}

fn person(form: &mut Form<'_>, inn: &mut String, name: &mut FullName) -> Result<()> {
    form.attr("ИННФЛ", inn, Rule::InnPerson)?;
    full_name(form, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_by_words() {
        for (name, last, first, middle) in [
            ("ИП Соколов Роман Ильич", "Соколов", "Роман", Some("Ильич")),
            ("ип  Соколов Роман", "Соколов", "Роман", None),
            ("Алиев Рашид Мамед оглы", "Алиев", "Рашид", Some("Мамед оглы")),
            ("Иппова", "Иппова", "", None),
            ("", "", "", None),
        ] {
            let expected =
                FullName { last: last.into(), first: first.into(), middle: middle.map(str::to_owned) };
            assert_eq!(FullName::split(name), expected, "{name:?}");
        }
    }
}
