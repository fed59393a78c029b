//! Addresses in words, taken apart: `Свердловская обл, г Екатеринбург, ул Викулова, д 63 к 1, кв 78`. Parts are told by what they
//! say that they are; what says nothing and looks like nothing stays what it is.

use super::{GarAddress, GarDivision, GarElement, GarHouse, RussianAddress};

/// What a part of an address is, from the large to the small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressLevel {
    /// A subject of the federation.
    Region,
    /// A district of it.
    District,
    /// A city.
    City,
    /// A smaller place.
    Settlement,
    /// A quarter, a partnership of gardens.
    Quarter,
    /// A street.
    Street,
    /// A house, or a plot of land.
    House,
    /// What stands behind the number of a house.
    Block,
    /// A flat, an office, a room.
    Room,
}

/// A part of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressPart {
    /// What it is.
    pub level: AddressLevel,
    /// The same in short: `ул`.
    pub kind: &'static str,
    /// Its name or number.
    pub name: String,
}

/// An address taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressText {
    /// Six digits.
    pub zip_code: Option<String>,
    /// What is known for what it is, in the order of the text.
    pub parts: Vec<AddressPart>,
    /// The rest, in its order.
    pub others: Vec<String>,
}

use AddressLevel::{Block, City, District, House, Quarter, Region, Room, Settlement, Street};

/// Words by which parts say what they are, without dots, and how they are written in short.
const KINDS: &[(&str, AddressLevel, &str)] = &[
    ("обл", Region, "обл"),
    ("область", Region, "обл"),
    ("край", Region, "край"),
    ("респ", Region, "Респ"),
    ("республика", Region, "Респ"),
    ("ао", Region, "АО"),
    ("аобл", Region, "Аобл"),
    ("р-н", District, "р-н"),
    ("район", District, "р-н"),
    ("м.р-н", District, "м.р-н"),
    ("г.о", District, "г.о."),
    ("м.о", District, "м.о."),
    ("г.п", District, "г.п."),
    ("с.п", District, "с.п."),
    ("у", District, "у"),
    ("г", City, "г"),
    ("город", City, "г"),
    ("гор", City, "г"),
    ("п", Settlement, "п"),
    ("пос", Settlement, "п"),
    ("поселок", Settlement, "п"),
    ("посёлок", Settlement, "п"),
    ("пгт", Settlement, "пгт"),
    ("рп", Settlement, "рп"),
    ("р.п", Settlement, "рп"),
    ("с", Settlement, "с"),
    ("село", Settlement, "с"),
    ("дер", Settlement, "д"),
    ("деревня", Settlement, "д"),
    ("х", Settlement, "х"),
    ("хутор", Settlement, "х"),
    ("ст-ца", Settlement, "ст-ца"),
    ("станица", Settlement, "ст-ца"),
    ("аул", Settlement, "аул"),
    ("мкр", Quarter, "мкр"),
    ("микрорайон", Quarter, "мкр"),
    ("кв-л", Quarter, "кв-л"),
    ("квартал", Quarter, "кв-л"),
    ("тер", Quarter, "тер"),
    ("территория", Quarter, "тер"),
    ("снт", Quarter, "снт"),
    ("промзона", Quarter, "промзона"),
    ("ул", Street, "ул"),
    ("улица", Street, "ул"),
    ("пр-кт", Street, "пр-кт"),
    ("просп", Street, "пр-кт"),
    ("проспект", Street, "пр-кт"),
    ("пр-т", Street, "пр-кт"),
    ("пер", Street, "пер"),
    ("переулок", Street, "пер"),
    ("б-р", Street, "б-р"),
    ("бульвар", Street, "б-р"),
    ("ш", Street, "ш"),
    ("шоссе", Street, "ш"),
    ("наб", Street, "наб"),
    ("набережная", Street, "наб"),
    ("пл", Street, "пл"),
    ("площадь", Street, "пл"),
    ("проезд", Street, "проезд"),
    ("пр-д", Street, "проезд"),
    ("туп", Street, "туп"),
    ("тупик", Street, "туп"),
    ("аллея", Street, "аллея"),
    ("тракт", Street, "тракт"),
    ("д", House, "д"),
    ("дом", House, "д"),
    ("влд", House, "влд"),
    ("владение", House, "влд"),
    ("двлд", House, "двлд"),
    ("домовладение", House, "двлд"),
    ("зд", House, "зд"),
    ("здание", House, "зд"),
    ("соор", House, "соор"),
    ("сооружение", House, "соор"),
    ("з/у", House, "з/у"),
    ("уч", House, "з/у"),
    ("участок", House, "з/у"),
    ("к", Block, "к"),
    ("корп", Block, "к"),
    ("корпус", Block, "к"),
    ("стр", Block, "стр"),
    ("строение", Block, "стр"),
    ("лит", Block, "лит"),
    ("литера", Block, "лит"),
    ("кв", Room, "кв"),
    ("квартира", Room, "кв"),
    ("оф", Room, "офис"),
    ("офис", Room, "офис"),
    ("пом", Room, "помещ"),
    ("помещ", Room, "помещ"),
    ("помещение", Room, "помещ"),
    ("ком", Room, "ком"),
    ("комната", Room, "ком"),
];
/// Cities that are subjects of the federation.
const FEDERAL: [&str; 4] = ["москва", "санкт-петербург", "севастополь", "байконур"];
/// The country, which nobody needs to name, as it begins some addresses: its code, its name.
const RUSSIA: [&str; 4] = ["643", "россия", "рф", "российская федерация"];
/// A plot of land, which stands in the place of a house.
const STEAD: &str = "з/у";
/// Digits of a postal code.
const ZIP_DIGITS: usize = 6;

impl AddressText {
    /// Takes an address apart. `is_region` knows the names of subjects of the federation that do not say what they are.
    pub fn parse(text: &str, is_region: impl Fn(&str) -> bool) -> Self {
        let mut all = Self::default();
        // Which of the parts are numbers that do not say of what.
        let mut bare = Vec::new();
        let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
        for (index, part) in parts.enumerate() {
            let is_zip = part.len() == ZIP_DIGITS && part.bytes().all(|byte| byte.is_ascii_digit());
            if is_zip && all.zip_code.is_none() {
                all.zip_code = Some(part.to_owned());
                continue;
            }
            // Where else it should be is not asked.
            if index == 0 && RUSSIA.contains(&part.to_lowercase().as_str()) {
                continue;
            }
            if is_region(part) {
                all.push(Region, "", part);
                continue;
            }
            let words = words(part);
            match &words[..] {
                [number] if !is_zip && starts_with_digit(number) => {
                    bare.push(all.parts.len());
                    all.push(House, "", number);
                }
                _ if all.add(&words) => {}
                _ => all.others.push(part.to_owned()),
            }
        }
        all.settle(&bare);
        all
    }

    /// Says of what the numbers are that do not say it themselves: of the house, its block and the flat, in this order, as far as
    /// nothing else says that it is one of them. Blocks are rare: of fewer numbers none is theirs. What is left over stays what
    /// it is.
    fn settle(&mut self, bare: &[usize]) {
        let is_named = |level: AddressLevel| {
            self.parts.iter().enumerate().any(|(at, part)| part.level == level && !bare.contains(&at))
        };
        let mut free: Vec<AddressLevel> =
            [House, Block, Room].into_iter().filter(|level| !is_named(*level)).collect();
        if bare.len() < free.len() {
            free.retain(|level| *level != Block);
        }
        for (level, at) in free.iter().zip(bare) {
            let part = &mut self.parts[*at];
            part.level = *level;
            // Whoever says nothing else means a plain house, as the register has most of them.
            part.kind = match level {
                House => "д",
                Block => "к",
                _ => "",
            };
        }
        for at in bare.iter().skip(free.len()).rev() {
            let left = self.parts.remove(*at);
            self.others.insert(0, left.name);
        }
    }

    /// The only part of a level, or the first.
    pub fn part(&self, level: AddressLevel) -> Option<&AddressPart> {
        self.parts.iter().find(|part| part.level == level)
    }

    /// The same by the old classifier, in a region whose code is known.
    pub fn russian(&self, region: impl Into<String>) -> RussianAddress {
        let mut left: Vec<&AddressPart> = self.parts.iter().filter(|part| part.level != Region).collect();
        let mut take = |level| {
            let at = left.iter().position(|part| part.level == level)?;
            Some(left.remove(at))
        };
        let named = |part: &AddressPart| format!("{} {}", part.name, part.kind).trim().to_owned();
        let number = |part: &AddressPart| part.name.clone();
        let mut address = RussianAddress {
            zip_code: self.zip_code.clone(),
            region: region.into(),
            territory: take(District).map(named),
            city: take(City).map(named),
            locality: take(Settlement).or_else(|| take(Quarter)).map(named),
            street: take(Street).map(named),
            building: take(House).map(number),
            block: take(Block).map(number),
            apartment: take(Room).map(number),
            other_information: None,
        };
        // A second one of what there is one place for, and whatever says nothing of itself, is told too.
        let left = left.into_iter().map(|part| match part.level {
            House | Block | Room => format!("{} {}", part.kind, part.name).trim().to_owned(),
            _ => named(part),
        });
        let other = left.chain(self.others.iter().cloned()).collect::<Vec<_>>().join(", ");
        address.other_information = Some(other).filter(|other| !other.is_empty());
        address
    }

    /// By what an object of the register of addresses is found: everything but rooms and the postal code, in whatever order and
    /// letter case it is written. `None` when nothing smaller than a region is named.
    pub fn place_key(&self, region: &str) -> Option<String> {
        let named = self.parts.iter().filter(|part| !matches!(part.level, Region | Room));
        let mut all: Vec<(AddressLevel, String)> = named
            .map(|part| (part.level, format!("{} {}", part.kind.to_lowercase(), part.name.to_lowercase())))
            .collect();
        all.sort();
        let words: Vec<String> = all.into_iter().map(|(_, words)| words.trim().to_owned()).collect();
        (!words.is_empty()).then(|| format!("{region}, {}", words.join(", ")))
    }

    /// The same by the register, in a region whose code is known and for an object that has this id there.
    pub fn gar(&self, region: impl Into<String>, fias_id: String, division: GarDivision) -> GarAddress {
        let element =
            |part: &AddressPart| GarElement { abbreviation: part.kind.to_owned(), name: part.name.clone() };
        let of = |level: AddressLevel, kinds: &[&str]| {
            let is_wanted =
                |part: &&AddressPart| part.level == level && (kinds.is_empty() || kinds.contains(&part.kind));
            self.parts.iter().find(is_wanted).map(element)
        };
        let numbers: Vec<&AddressPart> = self.parts.iter().filter(|part| part.level == Block).collect();
        let further = [0, 1].map(|nth| match numbers.get(nth) {
            Some(part) => (Some(part.name.clone()), Some(part.kind.to_owned())),
            None => (None, None),
        });
        let house = self.parts.iter().find(|part| part.level == House && part.kind != STEAD);
        let mut rooms = self.parts.iter().filter(|part| part.level == Room).map(element);
        GarAddress {
            fias_id,
            zip_code: self.zip_code.clone(),
            region_code: region.into(),
            municipal_district: of(District, &["м.р-н", "г.о.", "м.о."]),
            urban_settlement: of(District, &["г.п.", "с.п."]),
            district: of(District, &["р-н", "у"]),
            city: of(City, &[]),
            settlement: of(Settlement, &[]),
            planning_structure: of(Quarter, &[]),
            street: of(Street, &[]),
            stead: of(House, &[STEAD]).map(|found| found.name),
            house: house.map(|part| GarHouse { house: element(part), further }),
            room_within_building: rooms.next(),
            room_within_apartment: rooms.next(),
            division,
        }
    }

    fn push(&mut self, level: AddressLevel, kind: &'static str, name: &str) {
        self.parts.push(AddressPart { level, kind, name: name.to_owned() });
    }

    /// Whether the words say what they are.
    fn add(&mut self, words: &[String]) -> bool {
        if let Some(numbers) = numbered(words) {
            numbers.into_iter().for_each(|part| self.parts.push(part));
            return true;
        }
        let ([first, rest @ ..], [before @ .., last]) = (words, words) else { return false };
        let (level, kind, name) = match (kind(first), kind(last)) {
            (Some((level, kind)), _) if !rest.is_empty() => (level, kind, rest.join(" ")),
            (_, Some((level, kind))) if !before.is_empty() => (level, kind, before.join(" ")),
            _ => return false,
        };
        let (level, kind) = match (level, kind) {
            // A village, which has the letter of a house.
            (House, "д") if !starts_with_digit(&name) => (Settlement, "д"),
            (City, _) if FEDERAL.contains(&name.to_lowercase().as_str()) => (Region, "г"),
            // The town of an urban district: «г.о. город Екатеринбург».
            other => other,
        };
        self.push(level, kind, &name);
        true
    }
}

/// Words without the dots of abbreviations; `ул.Викулова` are two.
fn words(part: &str) -> Vec<String> {
    let mut all = Vec::new();
    for word in part.split_whitespace() {
        // «г.о.» has a dot inside, «ул.Викулова» behind its kind.
        let glued = word.char_indices().filter(|(_, char)| *char == '.').map(|(at, _)| at);
        let split = glued.into_iter().rfind(|at| kind(&word[..*at]).is_some() && word.len() > at + 1);
        match split {
            Some(at) if kind(word.trim_end_matches('.')).is_none() => {
                all.extend([word[..at].to_owned(), word[at + 1..].to_owned()]);
            }
            _ => all.push(word.trim_end_matches('.').to_owned()),
        }
    }
    all.retain(|word| !word.is_empty());
    all
}

/// What a word says that something is.
fn kind(word: &str) -> Option<(AddressLevel, &'static str)> {
    let word = word.to_lowercase();
    KINDS.iter().find(|(known, ..)| *known == word).map(|(_, level, kind)| (*level, *kind))
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_digit())
}

/// `д 63 к 1` and the like: kinds and numbers in turn, `None` for anything else.
fn numbered(words: &[String]) -> Option<Vec<AddressPart>> {
    let pairs = words.chunks(2).map(|pair| {
        let [word, number] = pair else { return None };
        let (level, kind) = kind(word).filter(|(level, _)| *level >= House)?;
        let is_number = starts_with_digit(number) || kind == "лит";
        is_number.then(|| AddressPart { level, kind, name: number.clone() })
    });
    let all: Option<Vec<AddressPart>> = pairs.collect();
    all.filter(|all| !all.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> AddressText {
        AddressText::parse(text, |name| name == "Татарстан")
    }

    fn told(text: &str) -> String {
        let all = parsed(text);
        let parts = all.parts.iter().map(|part| format!("{:?} {} {}", part.level, part.kind, part.name));
        let others = all.others.iter().map(|other| format!("? {other}"));
        parts.chain(others).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn parts_say_what_they_are() {
        for (text, expected) in [
            (
                "620144, Свердловская обл, г Екатеринбург, ул Викулова, д 63 к 1, кв 78",
                "Region обл Свердловская; City г Екатеринбург; Street ул Викулова; House д 63; Block к 1; Room кв 78",
            ),
            (
                "обл. Московская, р-н Одинцовский, д.Раздоры, ул.Липовая, д.1А, корп.2, стр. 3, офис 4",
                "Region обл Московская; District р-н Одинцовский; Settlement д Раздоры; Street ул Липовая; House д 1А; \
                 Block к 2; Block стр 3; Room офис 4",
            ),
            (
                "Свердловская область, г.о. город Екатеринбург",
                "Region обл Свердловская; District г.о. город Екатеринбург",
            ),
            (
                "г. Москва, Ленинский проспект, 6, 15",
                "Region г Москва; Street пр-кт Ленинский; House д 6; Room  15",
            ),
            (
                "Татарстан; Казань город; 2-я Юго-Западная улица",
                "Region  Татарстан; City г Казань; Street ул 2-я Юго-Западная",
            ),
            ("Пермский край, за рекой, ", "Region край Пермский; ? за рекой"),
            (
                "643,620144,Свердловская обл,,Екатеринбург г,,Викулова ул,63,1,78",
                "Region обл Свердловская; City г Екатеринбург; Street ул Викулова; House д 63; Block к 1; Room  78",
            ),
            (
                "Россия, Пермский край, ул Мира, 6, 2, 15, 16",
                "Region край Пермский; Street ул Мира; House д 6; Block к 2; Room  15; ? 16",
            ),
            ("Пермский край, д 6, 2, 15", "Region край Пермский; House д 6; Block к 2; Room  15"),
            ("Пермский край, 6, 2, кв 15", "Region край Пермский; House д 6; Block к 2; Room кв 15"),
            ("Пермский край, 614000, 614001", "Region край Пермский; ? 614001"),
            ("г, ул", "? г; ? ул"),
            ("", ""),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn an_object_of_the_register_is_found_however_it_is_written() {
        let key = |text: &str| parsed(text).place_key("66");
        let one =
            key("Свердловская обл, г.о. город Екатеринбург, г Екатеринбург, ул Викулова, д 63 к 1, кв 78");
        assert_eq!(
            one.as_deref(),
            Some("66, г.о. город екатеринбург, г екатеринбург, ул викулова, д 63, к 1")
        );
        let same = "620144, Свердловская область, город ЕКАТЕРИНБУРГ, г.о. город Екатеринбург, дом 63, корп. 1, Викулова улица";
        assert_eq!(key(same), one);
        let bare = "Свердловская обл, г.о. город Екатеринбург, г Екатеринбург, ул Викулова, 63, 1, 78";
        assert_eq!(key(bare), one, "numbers that do not say of what are of the house");
        assert_ne!(key("Свердловская обл, г Екатеринбург, ул Викулова, д 63"), one);
        assert_eq!(key("Свердловская обл"), None);

        let text = "Свердловская обл, г.о. город Екатеринбург, р-н Верх-Исетский, г Екатеринбург, ул Викулова, д 63 к 1, кв 78, ком 2";
        let found = parsed(text).gar("66", "id".to_owned(), GarDivision::Municipal);
        let element = |abbreviation: &str, name: &str| {
            Some(GarElement { abbreviation: abbreviation.to_owned(), name: name.to_owned() })
        };
        assert_eq!(found.municipal_district, element("г.о.", "город Екатеринбург"));
        assert_eq!(found.district, element("р-н", "Верх-Исетский"));
        assert_eq!(found.room_within_building, element("кв", "78"));
        assert_eq!(found.room_within_apartment, element("ком", "2"));
        let house = found.house.unwrap();
        assert_eq!((Some(house.house), house.further[0].0.as_deref()), (element("д", "63"), Some("1")));
        let plot =
            parsed("Свердловская обл, д Тропинка, з/у 5").gar("66", String::new(), GarDivision::Municipal);
        assert_eq!(
            (plot.stead.as_deref(), plot.house, plot.settlement),
            (Some("5"), None, element("д", "Тропинка"))
        );
    }

    #[test]
    fn the_old_classifier_has_a_place_for_each() {
        let text =
            "620144, Свердловская обл, г Екатеринбург, мкр Южный, ул Викулова, д 63 к 1, кв 78, вход слева";
        let address = parsed(text).russian("66");
        let word = |text: &str| Some(text.to_owned());
        assert_eq!(
            address,
            RussianAddress {
                zip_code: word("620144"),
                region: "66".to_owned(),
                territory: None,
                city: word("Екатеринбург г"),
                locality: word("Южный мкр"),
                street: word("Викулова ул"),
                building: word("63"),
                block: word("1"),
                apartment: word("78"),
                other_information: word("вход слева"),
            }
        );
    }

    /// Whoever writes more than there is a place for finds all of it again.
    #[test]
    fn nothing_is_lost_of_what_the_old_classifier_has_no_place_for() {
        let word = |text: &str| Some(text.to_owned());
        for (text, expected) in [
            (
                "Свердловская обл, р-н Лесной, р-н Дальний, г Ревда, г Первоуральск",
                RussianAddress {
                    territory: word("Лесной р-н"),
                    city: word("Ревда г"),
                    other_information: word("Дальний р-н, Первоуральск г"),
                    ..RussianAddress::default()
                },
            ),
            (
                "Свердловская обл, п Лесной, мкр Южный, д 63 к 1 стр 3, кв 78, ком 2, вход слева",
                RussianAddress {
                    locality: word("Лесной п"),
                    building: word("63"),
                    block: word("1"),
                    apartment: word("78"),
                    other_information: word("Южный мкр, стр 3, ком 2, вход слева"),
                    ..RussianAddress::default()
                },
            ),
            (
                "643,620144,Свердловская обл,,Екатеринбург г,,Викулова ул,63,1,78,9",
                RussianAddress {
                    zip_code: word("620144"),
                    city: word("Екатеринбург г"),
                    street: word("Викулова ул"),
                    building: word("63"),
                    block: word("1"),
                    apartment: word("78"),
                    other_information: word("9"),
                    ..RussianAddress::default()
                },
            ),
        ] {
            let told = parsed(text).russian("66");
            assert_eq!(told, RussianAddress { region: "66".to_owned(), ..expected }, "{text}");
        }
    }
}
