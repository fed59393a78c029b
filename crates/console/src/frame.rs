//! What every page has: the language, who is signed in, the box, and where one can go from here.

use potok_api::methods::{GetMyOrganizations, GetMyOrganizationsQuery, GetMyUserV2};
use potok_api::{Empty, NoQuery};
use potok_pages::Language;
use potok_types::BoxId;
use potok_wire::proto::{Organization, UserV2};

use crate::server::{Refused, Server, ask};
use crate::{CONSOLE, Visit};

/// The parts of the console of a box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Section {
    /// None of them.
    #[default]
    Elsewhere,
    Documents,
    Send,
    Feed,
    Partners,
    People,
    Powers,
    Webhooks,
    Organizations,
    Users,
    Programs,
    Register,
    Requests,
}

/// A box of the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) id: BoxId,
    pub(crate) org_id: String,
    /// The organization.
    pub(crate) name: String,
    pub(crate) inn: String,
    pub(crate) kpp: String,
    pub(crate) is_test: bool,
    pub(crate) departments: Vec<(String, String)>,
}

/// What every page has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    pub(crate) language: Language,
    /// Who is signed in.
    pub(crate) user: String,
    pub(crate) place: Option<Place>,
    pub(crate) section: Section,
    pub(crate) mark: String,
    /// Path and query, to come back to.
    pub(crate) here: String,
    /// Whoever is signed in keeps the server.
    pub(crate) is_keeper: bool,
    /// The last requests are kept, for keepers to look at.
    pub(crate) keeps_requests: bool,
}

impl Frame {
    /// One of two texts, by the language.
    pub(crate) fn say<'t>(&self, russian: &'t str, english: &'t str) -> &'t str {
        match self.language {
            Language::Russian => russian,
            Language::English => english,
        }
    }

    pub(crate) fn is_russian(&self) -> bool {
        self.language == Language::Russian
    }

    /// The name of the language that is not spoken now, as its tag and in its own words.
    pub(crate) fn other(&self) -> (&'static str, &'static str) {
        match self.language {
            Language::Russian => ("en", "English"),
            Language::English => ("ru", "Русский"),
        }
    }

    /// What stands behind `/console/{box}`.
    pub(crate) fn at(&self, rest: &str) -> String {
        match &self.place {
            Some(place) => format!("{CONSOLE}/{}{rest}", place.id.guid()),
            None => CONSOLE.to_owned(),
        }
    }

    pub(crate) fn is_at(&self, section: &str) -> bool {
        let known = match self.section {
            Section::Elsewhere => "",
            Section::Documents => "documents",
            Section::Send => "send",
            Section::Feed => "feed",
            Section::Partners => "partners",
            Section::People => "people",
            Section::Powers => "powers",
            Section::Webhooks => "webhooks",
            Section::Organizations => "organizations",
            Section::Users => "users",
            Section::Programs => "programs",
            Section::Register => "register",
            Section::Requests => "requests",
        };
        known == section
    }

    /// Whether the page is of the server, not of a box.
    pub(crate) fn is_of_server(&self) -> bool {
        use Section::{Organizations, Programs, Register, Requests, Users};
        matches!(self.section, Organizations | Users | Programs | Register | Requests)
    }

    /// Without a box, and with nobody known.
    pub(crate) fn bare(visit: &Visit) -> Self {
        let query = visit.query.with("", "");
        let here = if query.is_empty() { visit.path.clone() } else { format!("{}?{query}", visit.path) };
        Self { language: visit.language, mark: visit.mark.clone(), here, ..Self::default() }
    }

    /// The frame of a page of no box, and the boxes of the person.
    pub(crate) async fn of_person(server: &dyn Server, visit: &Visit) -> Result<(Self, Vec<Place>), Refused> {
        let user = ask::<GetMyUserV2>(server, &NoQuery, &Empty).await?;
        let query = GetMyOrganizationsQuery { auto_register: Some(false) };
        let organizations = ask::<GetMyOrganizations>(server, &query, &Empty).await?.organizations;
        let places = organizations.iter().flat_map(places_of).collect();
        let office = server.office().await;
        let frame = Self {
            user: user_name(&user),
            is_keeper: office.is_some(),
            keeps_requests: office.is_some_and(|office| office.keeps_requests()),
            ..Self::bare(visit)
        };
        Ok((frame, places))
    }

    /// The frame of a page of a box. A box of others and none look the same.
    pub(crate) async fn of_box(
        server: &dyn Server,
        visit: &Visit,
        box_id: BoxId,
        section: Section,
    ) -> Result<Self, Refused> {
        let (frame, places) = Self::of_person(server, visit).await?;
        let place = places.into_iter().find(|place| place.id == box_id).ok_or_else(Refused::not_found)?;
        Ok(Self { place: Some(place), section, ..frame })
    }

    /// Whether the server may sign for the organization.
    pub(crate) fn is_test(&self) -> bool {
        self.place.as_ref().is_some_and(|place| place.is_test)
    }

    /// The box that the page is of.
    pub(crate) fn box_id(&self) -> BoxId {
        self.place.as_ref().map_or(BoxId::ZERO, |place| place.id)
    }
}

fn places_of(organization: &Organization) -> Vec<Place> {
    let departments: Vec<(String, String)> = organization
        .departments
        .iter()
        .map(|department| (department.department_id.clone(), department.name.clone()))
        .collect();
    let boxes = organization.boxes.iter().filter_map(|it| it.box_id_guid.parse::<BoxId>().ok());
    boxes
        .map(|id| Place {
            id,
            org_id: organization.org_id.clone(),
            name: organization.short_name.clone().unwrap_or_else(|| organization.full_name.clone()),
            inn: organization.inn.clone(),
            kpp: organization.kpp.clone().unwrap_or_default(),
            is_test: organization.is_test.unwrap_or_default(),
            departments: departments.clone(),
        })
        .collect()
}

/// How somebody is called: by name, else by login.
pub(crate) fn user_name(user: &UserV2) -> String {
    let name = user.full_name.as_ref().map(|name| {
        let parts =
            [name.last_name.as_str(), &name.first_name, name.middle_name.as_deref().unwrap_or_default()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<&str>>().join(" ")
    });
    name.filter(|name| !name.is_empty()).or_else(|| user.login.clone()).unwrap_or_default()
}
