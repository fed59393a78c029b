//! Addresses, both ways.

use potok_domain::directory::{
    Address, AddressPlace, ForeignAddress, GarAddress, GarDivision, GarElement, GarHouse, RussianAddress,
};
use potok_types::Invalid;
use potok_wire::proto;

/// `Address`.
pub(crate) fn shown(address: &Address) -> Box<proto::Address> {
    let mut shown =
        Box::new(proto::Address { address_code: address.code.clone(), ..proto::Address::default() });
    match &address.place {
        Some(AddressPlace::Russian(it)) => shown.russian_address = Some(russian(it)),
        Some(AddressPlace::Foreign(it)) => {
            let ForeignAddress { country, address } = it.clone();
            shown.foreign_address = Some(proto::ForeignAddress { country, address });
        }
        Some(AddressPlace::Gar(it)) => shown.gar_address = Some(Box::new(gar(it))),
        None => {}
    }
    shown
}

/// `RussianAddress`.
pub fn russian(it: &RussianAddress) -> proto::RussianAddress {
    let it = it.clone();
    proto::RussianAddress {
        zip_code: it.zip_code,
        region: it.region,
        territory: it.territory,
        city: it.city,
        locality: it.locality,
        street: it.street,
        building: it.building,
        block: it.block,
        apartment: it.apartment,
        other_information: it.other_information,
    }
}

fn name(it: &GarElement) -> proto::GarAddressNameElement {
    proto::GarAddressNameElement { abbreviation: it.abbreviation.clone(), name: it.name.clone() }
}

fn number(it: &GarElement) -> proto::GarAddressNumberElement {
    proto::GarAddressNumberElement { abbreviation: it.abbreviation.clone(), number: it.name.clone() }
}

fn house(it: &GarHouse) -> proto::GarHouse {
    let [(add_number1, add_abbreviation1), (add_number2, add_abbreviation2)] = it.further.clone();
    proto::GarHouse {
        abbreviation: it.house.abbreviation.clone(),
        number: it.house.name.clone(),
        add_number1,
        add_abbreviation1,
        add_number2,
        add_abbreviation2,
    }
}

/// `GarAddress`.
pub fn gar(it: &GarAddress) -> proto::GarAddress {
    proto::GarAddress {
        fias_id: it.fias_id.clone(),
        zip_code: it.zip_code.clone(),
        region_code: it.region_code.clone(),
        municipal_district: it.municipal_district.as_ref().map(name),
        urban_settlement: it.urban_settlement.as_ref().map(name),
        city: it.city.as_ref().map(name),
        planning_structure: it.planning_structure.as_ref().map(name),
        street: it.street.as_ref().map(name),
        stead: it.stead.clone(),
        garhouse: it.house.as_ref().map(house),
        room_within_building: it.room_within_building.as_ref().map(number),
        room_within_apartment: it.room_within_apartment.as_ref().map(number),
        division_type: it.division as i32,
        district: it.district.as_ref().map(name),
        settlement: it.settlement.as_ref().map(name),
    }
}

/// The address that stands at `path`.
///
/// # Errors
/// [`Invalid`] when it is given in more than one form.
pub(crate) fn read(it: proto::Address, path: &str) -> Result<Address, Invalid> {
    let places = [
        it.russian_address.map(read_russian),
        it.foreign_address.map(|proto::ForeignAddress { country, address }| {
            AddressPlace::Foreign(ForeignAddress { country, address })
        }),
        it.gar_address.map(|it| read_gar(*it)),
    ];
    let mut given = places.into_iter().flatten();
    match (given.next(), given.next()) {
        (place, None) => Ok(Address { place, code: it.address_code.filter(|code| !code.is_empty()) }),
        (_, Some(_)) => Err(Invalid::new(
            path,
            "give the address in one form: RussianAddress, ForeignAddress or GarAddress",
        )),
    }
}

fn read_russian(it: proto::RussianAddress) -> AddressPlace {
    AddressPlace::Russian(Box::new(RussianAddress {
        zip_code: it.zip_code,
        region: it.region,
        territory: it.territory,
        city: it.city,
        locality: it.locality,
        street: it.street,
        building: it.building,
        block: it.block,
        apartment: it.apartment,
        other_information: it.other_information,
    }))
}

fn read_name(it: proto::GarAddressNameElement) -> GarElement {
    GarElement { abbreviation: it.abbreviation, name: it.name }
}

fn read_number(it: proto::GarAddressNumberElement) -> GarElement {
    GarElement { abbreviation: it.abbreviation, name: it.number }
}

fn read_house(it: proto::GarHouse) -> GarHouse {
    let house = GarElement { abbreviation: it.abbreviation, name: it.number };
    let further = [(it.add_number1, it.add_abbreviation1), (it.add_number2, it.add_abbreviation2)];
    GarHouse { house, further }
}

fn read_gar(it: proto::GarAddress) -> AddressPlace {
    AddressPlace::Gar(Box::new(GarAddress {
        division: GarDivision::from_number(it.division_type),
        fias_id: it.fias_id,
        zip_code: it.zip_code,
        region_code: it.region_code,
        municipal_district: it.municipal_district.map(read_name),
        urban_settlement: it.urban_settlement.map(read_name),
        city: it.city.map(read_name),
        planning_structure: it.planning_structure.map(read_name),
        street: it.street.map(read_name),
        stead: it.stead,
        house: it.garhouse.map(read_house),
        room_within_building: it.room_within_building.map(read_number),
        room_within_apartment: it.room_within_apartment.map(read_number),
        district: it.district.map(read_name),
        settlement: it.settlement.map(read_name),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_as_it_was_given() {
        let element = |text: &str| {
            Some(proto::GarAddressNameElement { abbreviation: "ул".to_owned(), name: text.to_owned() })
        };
        let gar = proto::GarAddress {
            fias_id: "1".to_owned(),
            region_code: "66".to_owned(),
            street: element("Ленина"),
            district: element("Север"),
            garhouse: Some(proto::GarHouse {
                number: "5".to_owned(),
                add_number2: Some("2".to_owned()),
                ..proto::GarHouse::default()
            }),
            room_within_building: Some(proto::GarAddressNumberElement {
                abbreviation: "кв".to_owned(),
                number: "7".to_owned(),
            }),
            division_type: proto::GarAddressDivisionType::Administrative as i32,
            ..proto::GarAddress::default()
        };
        let russian = proto::RussianAddress { region: "77".to_owned(), ..proto::RussianAddress::default() };
        let foreign = proto::ForeignAddress { country: "276".to_owned(), address: "Berlin".to_owned() };
        let none = proto::Address::default();
        for given in [
            proto::Address { gar_address: Some(Box::new(gar.clone())), ..none.clone() },
            proto::Address { russian_address: Some(russian.clone()), ..none.clone() },
            proto::Address { foreign_address: Some(foreign), ..none.clone() },
            proto::Address { address_code: Some("code".to_owned()), ..none.clone() },
        ] {
            assert_eq!(*shown(&read(given.clone(), "A").unwrap()), given);
        }
        let both =
            proto::Address { gar_address: Some(Box::new(gar)), russian_address: Some(russian), ..none };
        let refused = read(both, "DepartmentToCreate.Address").unwrap_err().to_string();
        assert!(refused.starts_with("DepartmentToCreate.Address: give the address in one form"), "{refused}");
    }
}
