//! The tables that are copied, alike in every dialect.

/// What is to be known of a table beyond its columns.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Columns that name one row, none of which is empty, in an order for which there is an index.
    pub key: &'static [&'static str],
    /// Columns with numbers of rows of a box: they count over all boxes in the embedded store, and within each elsewhere.
    pub numbers: &'static [&'static str],
}

const fn table(name: &'static str, key: &'static [&'static str]) -> Table {
    Table { name, key, numbers: &[] }
}

const fn numbered(
    name: &'static str,
    key: &'static [&'static str],
    numbers: &'static [&'static str],
) -> Table {
    Table { name, key, numbers }
}

/// Every table but those of which nothing is copied: heads of boxes, noted names of contents, words that are on their way to their places, hints, what is remembered, the place of a
/// rebuild, and what a copy notes itself. They are made again by whoever needs them.
pub const TABLES: &[Table] = &[
    table("organizations", &["org_id"]),
    table("departments", &["box_id", "id"]),
    table("users", &["id"]),
    table("employees", &["box_id", "user_id"]),
    table("employee_powers", &["box_id", "user_id", "number"]),
    table("resolution_routes", &["box_id", "id"]),
    table("resolution_route_stages", &["box_id", "route_id", "number"]),
    table("api_clients", &["id"]),
    table("registrations", &["client_id"]),
    table("consents", &["user_id", "client_id"]),
    table("device_codes", &["hash"]),
    table("signing_keys", &["id"]),
    table("service_keys", &["hash"]),
    table("service_users", &["key", "service_user"]),
    table("outside_users", &["issuer", "subject"]),
    table("user_certificates", &["thumbprint"]),
    table("held_keys", &["user_id", "name"]),
    table("roaming_operators", &["fns_id"]),
    table("participants", &["id_folded"]),
    table("gar_objects", &["key"]),
    table("tokens", &["hash"]),
    table("login_challenges", &["hash"]),
    table("authorization_codes", &["hash"]),
    table("tasks", &["id"]),
    table("signings", &["id"]),
    table("shelf_files", &["user_id", "name"]),
    table("shelf_parts", &["user_id", "name", "number"]),
    table("key_values", &["box_id", "key"]),
    table("signers", &["box_id", "thumbprint", "title"]),
    table("invoice_certificates", &["box_id", "hash"]),
    table("webhooks", &["box_id", "id"]),
    table("webhook_attempts", &["box_id", "webhook", "slot"]),
    table("small_contents", &["box_id", "hash"]),
    numbered("events", &["box_id", "kind", "stream_id", "revision"], &["id"]),
    table("erased_events", &["box_id", "key"]),
    table("erased_contents", &["box_id", "hash"]),
    numbered("feed", &["box_id", "key"], &["event"]),
    table("profiles", &["box_id", "profile"]),
    table("profile_documents", &["box_id", "profile", "number"]),
    table("profile_asked", &["box_id", "profile", "number", "kind", "addressee"]),
    table("operations", &["box_id", "method", "id"]),
    numbered(
        "links",
        &["box_id", "base_message", "base_entity", "referrer_message", "referrer_entity"],
        &["id"],
    ),
    numbered("outbox", &["box_id", "kind", "stream_id", "id"], &["id"]),
    table("document_profiles", &["box_id", "profile"]),
    numbered("documents", &["box_id", "message_id", "entity_id"], &["id"]),
    numbered("document_tokens", &["box_id", "token", "scope", "created_at", "document"], &["document"]),
    numbered("document_words", &["box_id", "id"], &["id"]),
    numbered("document_tags", &["box_id", "key", "value", "created_at", "document"], &["document"]),
    numbered(
        "asked",
        &["box_id", "kind", "addressee", "profile", "listed_at", "entity_id", "document"],
        &["document"],
    ),
    numbered("counteragents", &["box_id", "counteragent"], &["event"]),
];
