//! The data of the papers of the demonstration: what programs know. The server makes official files of them.

use bytes::Bytes;
use potok_domain::directory::Organization;
use potok_fns::{FullName, MoscowTime};
use potok_types::Ticks;

const SELLER_DATA: &str = include_str!("seller_data.xml");
const BUYER_DATA: &str = include_str!("buyer_data.xml");
const SIGNER_DATA: &str = include_str!("signer_data.xml");

/// One side of the exchange, as its files name it.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) organization: Organization,
    /// Who signs for it.
    pub(super) name: FullName,
}

impl Side {
    fn values(&self) -> [(&'static str, &str); 2] {
        [("last_name", &self.name.last), ("first_name", &self.name.first)]
    }

    /// Who signs, as requests for service documents name it.
    pub(super) fn signer(&self) -> Bytes {
        filled(SIGNER_DATA, &self.values())
    }
}

/// Of the transfer document: an invoice and a bill of lading at once.
pub(super) fn transfer(seller: &Side, buyer: &Side, at: Ticks) -> Bytes {
    let date = MoscowTime::at(at).date.to_string();
    let (from, to) = (&seller.organization, &buyer.organization);
    let values: [(&str, &str); 9] = [
        ("date", &date),
        ("seller", &from.full_name),
        ("seller_id", &from.fns_participant_id),
        ("seller_inn", &from.inn),
        ("seller_kpp", from.kpp.as_deref().unwrap_or_default()),
        ("buyer", &to.full_name),
        ("buyer_id", &to.fns_participant_id),
        ("buyer_inn", &to.inn),
        ("buyer_kpp", to.kpp.as_deref().unwrap_or_default()),
    ];
    filled(SELLER_DATA, &[&values[..], &seller.values()].concat())
}

/// Of the answer: everything was accepted.
pub(super) fn acceptance(buyer: &Side, at: Ticks) -> Bytes {
    let date = MoscowTime::at(at).date.to_string();
    let Organization { full_name, inn, .. } = &buyer.organization;
    let values: [(&str, &str); 3] = [("date", &date), ("buyer", full_name), ("buyer_inn", inn)];
    filled(BUYER_DATA, &[&values[..], &buyer.values()].concat())
}

/// The template with `{name}` replaced by values.
fn filled(template: &str, values: &[(&str, &str)]) -> Bytes {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), &escaped(value));
    }
    text.into()
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
