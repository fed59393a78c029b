//! Parts of files in words: who, where, on what grounds.

use potok_titles::Classifier;

use super::reader::Reader;

/// Parts with a separator between those that say something.
pub(crate) fn join<S: AsRef<str>>(parts: impl IntoIterator<Item = S>, between: &str) -> String {
    let mut joined = String::new();
    for part in parts {
        let part = part.as_ref();
        if !part.is_empty() {
            if !joined.is_empty() {
                joined.push_str(between);
            }
            joined.push_str(part);
        }
    }
    joined
}

/// A value behind its name; nothing without the value.
pub(crate) fn named(name: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!("{name} {value}") }
}

/// A name from a person's parts.
pub(crate) fn full_name(person: &Reader<'_>) -> String {
    join([person.get("@Фамилия"), person.get("@Имя"), person.get("@Отчество")], " ")
}

/// A participant, as every format has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Party {
    pub(crate) name: String,
    pub(crate) address: String,
    /// `ИНН/КПП`, or the INN alone.
    pub(crate) inn: String,
    /// OKPO, department, bank, contacts.
    pub(crate) more: String,
}

impl Party {
    /// Name, INN and address in one line.
    pub(crate) fn line(&self) -> String {
        let inn = named("ИНН/КПП", &self.inn);
        join([&self.name, &inn, &self.address, &self.more], ", ")
    }
}

/// Several participants in the place of one.
pub(crate) fn parties(found: &[Reader<'_>]) -> Party {
    let all: Vec<Party> = found.iter().map(party).collect();
    let one = |part: fn(&Party) -> &String| join(all.iter().map(part), "; ");
    Party {
        name: one(|p| &p.name),
        address: one(|p| &p.address),
        inn: one(|p| &p.inn),
        more: one(|p| &p.more),
    }
}

/// A participant.
pub(crate) fn party(found: &Reader<'_>) -> Party {
    let id = found.at("ИдСв").unwrap_or_else(|| found.clone());
    let of = id.at("СвЮЛУч|СвЮЛ|СвОрг/СвЮЛ|СвОрг/СвОргУч|СвИП|СвФЛУч|СвФЛУчастФХЖ|СвФЛ|СвИнНеУч|СвОрг/ИнОрг|СвОрг/СвИнНеУч|ЮЛ|ИП|ФЛ|ОтпрЮЛ|ОтпрИП|ПолЮЛ|ПолИП|ОперЭДО|СвИнУчастНеУч");
    let of = of.unwrap_or(id);
    let person = of.at("ФИО").map(|person| full_name(&person)).unwrap_or_default();
    let name = join([of.get("@НаимОрг|@Наим"), &person], ", ");
    let name = if of.name().contains("ИП") {
        format!("Индивидуальный предприниматель {name}")
    } else {
        name
    };
    let about = join(
        [
            named("ОГРН", of.get("@ОГРН|@ОГРНИП")),
            named("от", of.get("@ДатаОГРНИП")),
            named("свидетельство", of.get("@СвГосРегИП")),
            named("страна", &join([of.get("@НаимСтран"), of.get("@Страна|@КодСтр|@СтрРег")], " ")),
            named("ид.", of.get("@Идентиф|@КодНПРег")),
            of.get("@ИныеСвед").to_owned(),
            named("ОКПО", found.get("@ОКПО")),
            found.get("@СтруктПодр").to_owned(),
            found.get("@ИнфДляУчаст").to_owned(),
            bank(found),
            contacts(found),
        ],
        ", ",
    );
    let short = found.get("@СокрНаим|@КраткНазв");
    let name = if short.is_empty() || short == name {
        name
    } else {
        join([name.as_str(), &format!("({short})")], " ")
    };
    Party {
        name,
        address: found.at("Адрес").map(|place| address(&place)).unwrap_or_default(),
        inn: join([of.get("@ИННЮЛ|@ИННФЛ"), of.get("@КПП")], "/"),
        more: about,
    }
}

fn bank(found: &Reader<'_>) -> String {
    let Some(bank) = found.at("БанкРекв") else { return String::new() };
    join(
        [
            named("р/с", bank.get("@НомерСчета")),
            named("в", bank.get("СвБанк/@НаимБанк|@НаимБанк")),
            named("БИК", bank.get("СвБанк/@БИК|@БИК")),
            named("к/с", bank.get("СвБанк/@КорСчет|@КорСчет")),
            named("ИНН/КПП банка", &join([bank.get("@ИННЮЛ"), bank.get("@КПП")], "/")),
            named("SWIFT", bank.get("@СвифтКод")),
        ],
        ", ",
    )
}

fn contacts(found: &Reader<'_>) -> String {
    let Some(contact) = found.at("Контакт") else { return String::new() };
    let phones = contact.list("Тлф", "").into_iter().chain([contact.get("@Тлф")]);
    let mails = contact.list("ЭлПочта", "").into_iter().chain([contact.get("@ЭлПочта")]);
    let phones = named("тел.", &join(phones, ", "));
    join([phones, join(mails, ", "), contact.get("@ИнКонт").to_owned()], ", ")
}

/// An address in one line.
pub(crate) fn address(found: &Reader<'_>) -> String {
    let gln = named("ГЛН", found.get("@ГЛНМеста"));
    if let Some(place) = found.at("АдрРФ") {
        let region = place.get("@НаимРегион");
        let code = place.get("@КодРегион");
        let region = if region.is_empty() { Classifier::Regions.name(code).unwrap_or(code) } else { region };
        let city = place.get("@Город");
        let region = if city == region { "" } else { region };
        return join(
            [
                place.get("@Индекс"),
                region,
                place.get("@Район"),
                city,
                place.get("@НаселПункт"),
                place.get("@Улица"),
                &numbered("д. ", place.get("@Дом")),
                &numbered("корп. ", place.get("@Корпус")),
                &numbered("кв. ", place.get("@Кварт")),
                place.get("@ИныеСвед"),
                &gln,
            ],
            ", ",
        );
    }
    if let Some(place) = found.at("АдрИнф|АдрИно") {
        let code = place.get("@КодСтр");
        let country = place.get("@НаимСтран");
        let country =
            if country.is_empty() { Classifier::Countries.name(code).unwrap_or(code) } else { country };
        return join([country, place.get("@АдрТекст"), &gln], ", ");
    }
    if let Some(place) = found.at("АдрГАР") {
        let parts = place.all("НаимРегион|Регион");
        let region = join(parts.iter().map(|part| part.get("")), ", ");
        let typed = |name: &str| {
            join(
                place
                    .all(name)
                    .iter()
                    .map(|part| join([part.get("@Вид|@Тип"), part.get("@Наим|@Номер")], " ")),
                ", ",
            )
        };
        let rest =
            ["МуниципРайон", "ГородСелПоселен", "НаселенПункт", "ЭлПланСтруктур", "ЭлУлДорСети"].map(typed);
        let house = ["Здание", "ПомещЗдания", "ПомещКвартиры"].map(typed);
        let plot = named("уч.", place.get("ЗемелУчасток"));
        let id = named("ГАР", place.get("@ИдНом"));
        let parts =
            [place.get("@Индекс").to_owned(), region].into_iter().chain(rest).chain([plot]).chain(house);
        return join(parts.chain([id, gln]), ", ");
    }
    join([named("ГАР", found.get("КодГАР")), gln], ", ")
}

/// A number behind what it counts; words stand for themselves.
fn numbered(what: &str, value: &str) -> String {
    let is_number = value.starts_with(|c: char| c.is_ascii_digit());
    if is_number { format!("{what}{value}") } else { value.to_owned() }
}

/// A document that is named as grounds.
pub(crate) fn document(found: &Reader<'_>) -> String {
    let number = named("№", found.get("@РеквНомерДок|@НомОсн|@НомСопрДок|@НомДок|@НомерПРД|@НомерДок"));
    let date = named("от", found.get("@РеквДатаДок|@ДатаОсн|@ДатаСопрДок|@ДатаДок|@ДатаПРД"));
    let name = found.get("@РеквНаимДок|@НаимОсн|@НаимСопрДок|@НаимДок");
    let sum = named("на сумму", found.get("@СуммаПРД"));
    let more = join(
        [
            found.get("@РеквДопСведДок|@ДопСвОсн|@ДопИнф|@ДопСведДок").to_owned(),
            named("ид.", found.get("@РеквИдДок|@ИдентОсн|@ДопИдСопрДок|@ИдДок")),
            named("файл", found.get("@РеквИдФайлДок")),
        ],
        ", ",
    );
    join([join([name, &number, &date, &sum], " "), more], ", ")
}

/// All documents that a path leads to.
pub(crate) fn documents(found: &Reader<'_>, path: &str) -> String {
    join(found.all(path).iter().map(document), "; ")
}

/// Somebody who hands over or takes: position, name, organization.
pub(crate) fn person(found: &Reader<'_>) -> String {
    let name = found.at("ФИО").map(|name| full_name(&name)).unwrap_or_default();
    let organization = found.get("@НаимОргПер|@НаимОргПрин|@НаимОрг");
    let grounds = join(
        [
            found.get("@ОснПолн|@ОснПолнПредПер|@ОснПолнПредПрин|@ОснДоверФЛПер|@ОснДоверФЛ"),
            found.get("@ОснДоверОргПер|@ОснДоверОргПрин"),
        ],
        ", ",
    );
    join([found.get("@Должность|@Должн"), &name, organization, &grounds, found.get("@ИныеСвед")], ", ")
}

/// A power of attorney of order 172: its number, who gave it and to whom.
pub(crate) fn attorney(found: &Reader<'_>) -> String {
    let side = |path: &str, before: &[&str], more: &str| {
        let Some(side) = found.at(path) else { return String::new() };
        let name = side.at("ФИО").map(|name| full_name(&name)).unwrap_or_default();
        let before = join(before.iter().map(|attribute| side.get(attribute)), ", ");
        join([before.as_str(), &name, side.get(more)], ", ")
    };
    let number = join([named("№", found.get("@НомДоверен")), named("от", found.get("@ДатаДоверен"))], " ");
    let by = side("ВыданаКем", &["@НаимОргКем", "@ДолжнКем"], "@ДопСведКем");
    let to = side("ВыданаКому", &["@Должн"], "@ДопСведКому");
    join([number, named("выдана:", &by), named("кому:", &to)], ", ")
}

/// Who signs a title: position, name, and what the right to sign rests on.
pub(crate) fn signers(found: &Reader<'_>) -> Vec<String> {
    found.all("Подписант").iter().map(signer).collect()
}

fn signer(found: &Reader<'_>) -> String {
    let inner = found.at("ЮЛ|ИП|ФЛ").unwrap_or_else(|| found.clone());
    let name = inner.at("ФИО").map(|name| full_name(&name)).unwrap_or_default();
    let position = inner.get("@Должн|@Должность");
    let power = found.at("СвДоверЭл|СвДовер").map(|power| {
        let number = power.get("@НомДовер");
        let since = named("от", power.get("@ДатаВыдДовер|@ДатаНач"));
        named("доверенность", &join([number, &since], " "))
    });
    let paper = found.at("СвДоверБум").map(|power| {
        let number = named("№", power.get("@ВнНомДовер"));
        named(
            "доверенность",
            &join([number, named("от", power.get("@ДатаВыдДовер|@ДатаДовер|@ДатаНач"))], " "),
        )
    });
    let grounds = found.get("@ОснПолн");
    join([position, &name, grounds, &power.unwrap_or_default(), &paper.unwrap_or_default()], ", ")
}

/// A unit of measurement: code and name.
pub(crate) fn unit(found: &Reader<'_>, code: &str, name: &str) -> (String, String) {
    let (code, name) = (found.get(code), found.get(name));
    let name = if name.is_empty() { Classifier::Units.name(code).unwrap_or_default() } else { name };
    (code.to_owned(), name.to_owned())
}

/// A currency: name and code.
pub(crate) fn currency(name: &str, code: &str) -> String {
    let name = if name.is_empty() { Classifier::Currencies.name(code).unwrap_or_default() } else { name };
    join([name, code], ", ")
}
