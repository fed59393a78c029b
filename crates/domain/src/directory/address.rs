//! Where an organization or a department is.

/// An address in one of the three forms of the API; none of them where only the code is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Where it is.
    pub place: Option<AddressPlace>,
    /// The operator's own code of the address.
    pub code: Option<String>,
}

/// The forms of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressPlace {
    /// In Russia, by the old classifier.
    Russian(Box<RussianAddress>),
    /// Abroad.
    Foreign(ForeignAddress),
    /// In Russia, by the state register of addresses.
    Gar(Box<GarAddress>),
}

/// An address in Russia by the old classifier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RussianAddress {
    /// Six digits.
    pub zip_code: Option<String>,
    /// Code of the region, two digits.
    pub region: String,
    /// District of the region.
    pub territory: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Settlement.
    pub locality: Option<String>,
    /// Street.
    pub street: Option<String>,
    /// House.
    pub building: Option<String>,
    /// Block of the house.
    pub block: Option<String>,
    /// Flat or office.
    pub apartment: Option<String>,
    /// Whatever else is worth knowing.
    pub other_information: Option<String>,
}

/// An address abroad.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignAddress {
    /// Code of the country, three digits.
    pub country: String,
    /// The rest as one text.
    pub address: String,
}

/// How the register divides the land.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum GarDivision {
    /// Nobody said.
    Unknown = 0,
    /// By municipalities.
    #[default]
    Municipal = 1,
    /// By administration.
    Administrative = 2,
}

impl GarDivision {
    /// The division with this number of the API.
    pub const fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Municipal,
            2 => Self::Administrative,
            _ => Self::Unknown,
        }
    }
}

/// A part of an address: what it is, in short, and its name or number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GarElement {
    /// What it is: `ул`, `г`, `кв`.
    pub abbreviation: String,
    /// Its name, or its number.
    pub name: String,
}

/// A house, with up to two further numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GarHouse {
    /// What it is and its number.
    pub house: GarElement,
    /// Numbers and abbreviations of what stands behind: block, building.
    pub further: [(Option<String>, Option<String>); 2],
}

/// An address by the state register of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GarAddress {
    /// Its id in the register.
    pub fias_id: String,
    /// Six digits.
    pub zip_code: Option<String>,
    /// Two digits.
    pub region_code: String,
    /// Municipal district.
    pub municipal_district: Option<GarElement>,
    /// Urban or rural settlement.
    pub urban_settlement: Option<GarElement>,
    /// City.
    pub city: Option<GarElement>,
    /// Element of the planning structure.
    pub planning_structure: Option<GarElement>,
    /// Street.
    pub street: Option<GarElement>,
    /// Plot of land.
    pub stead: Option<String>,
    /// House.
    pub house: Option<GarHouse>,
    /// Room in the house.
    pub room_within_building: Option<GarElement>,
    /// Room in the flat.
    pub room_within_apartment: Option<GarElement>,
    /// By which division the parts are told.
    pub division: GarDivision,
    /// Administrative district.
    pub district: Option<GarElement>,
    /// Settlement.
    pub settlement: Option<GarElement>,
}
