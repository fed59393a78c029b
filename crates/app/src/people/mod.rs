//! Who takes part: organizations, their boxes, their people.

mod organizations;

pub use organizations::OrganizationQuery;
