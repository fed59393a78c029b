//! Every setting as it came out, for people. What is secret is not shown.

use std::fmt::Display;
use std::path::PathBuf;

use potok_cms::RevocationPolicy;
use potok_operator::keys::{KeySource, PasswordSource};
use potok_store_postgres::Appends;
use url::Url;

use super::{Given, LogFormat, LogSettings, Settings, Signatures};

/// In the place of a secret.
const MASK: &str = "***";

/// The values in the order of [`super::FIELDS`]; `None` for what is neither given nor has a default.
pub(crate) fn shown(given: &Given, settings: &Settings, log: &LogSettings) -> Vec<Option<String>> {
    let Settings { http, app, store, operator, trust, .. } = settings;
    let (embedded, connections) = (&store.embedded, &http.connections);
    let key = operator.key.as_ref();
    let memory = app.room.memory.left_bytes();
    let provider = settings.provider.as_ref();
    let bucket = store.bucket.as_ref();
    let list = |items: &mut dyn Iterator<Item = String>| some(items.collect::<Vec<_>>().join(","));
    vec![
        path(Some(&settings.data)),
        some(&settings.listen),
        settings.metrics_listen.clone(),
        settings.traces.as_ref().map(|url| without_password(url.as_str())),
        path(settings.tls.as_ref().map(|tls| &tls.certificate)),
        path(settings.tls.as_ref().map(|tls| &tls.key)),
        some(http.request_journal),
        list(&mut http.keepers.iter().cloned()),
        some(http.requests_per_second),
        some(http.burst),
        some(http.stranger_requests_per_second),
        list(&mut http.trusted_proxies.iter().map(ToString::to_string)),
        some((memory.0 + memory.1).div_ceil(1 << 20)),
        some(http.ready_bytes >> 20),
        some(http.compress),
        list(&mut http.retire.iter().map(|(label, date)| format!("{label}={date}"))),
        some(http.stop_seconds),
        some(connections.most),
        some(connections.head_seconds),
        some(connections.idle_seconds),
        some(connections.write_seconds),
        some(app.small_content_bytes),
        some(app.cached_states),
        some(app.test_signatures),
        some(if app.partners_only { "required" } else { "open" }),
        some(&operator.operator.name),
        some(&operator.operator.inn),
        some(&operator.operator.code),
        key.map(|key| source(&key.source)),
        path(key.and_then(|key| key.certificate.as_ref())),
        path(key.and_then(|key| match &key.password {
            Some(PasswordSource::File(file)) => Some(file),
            _ => None,
        })),
        operator.tsa.as_deref().map(without_password),
        some(match settings.signatures {
            Signatures::Checked => "checked",
            Signatures::AsGiven => "as-given",
        }),
        path(trust.certificates.as_ref()),
        path(trust.revocation_lists.as_ref()),
        some(match trust.revocation {
            RevocationPolicy::IfAvailable => "if-available",
            RevocationPolicy::Required => "required",
        }),
        some(app.access_token_seconds),
        some(app.refresh_token_seconds),
        provider.map(|it| it.issuer.clone()),
        provider.map(|it| it.name.clone()),
        provider.map(|it| it.client_id.clone()),
        path(given.provider_client_secret_file.as_ref()),
        some(app.session_seconds),
        settings.issuer.clone(),
        some(app.rotate_refresh_tokens),
        path(settings.schemas.as_ref()),
        some(app.schemas.has_rules()),
        some(app.shelf_user_bytes),
        some(app.print_wait_seconds),
        some(app.operation_wait_seconds),
        some(settings.delivery_workers),
        some(app.delivery_slots),
        some(app.delivery_lease_seconds),
        list(&mut std::iter::once(settings.webhook_ranges.to_string())),
        store.postgres.as_ref().map(|postgres| without_password(&postgres.url)),
        store.postgres.as_ref().map(|postgres| postgres.connections.to_string()),
        store.postgres.as_ref().and_then(|postgres| postgres.replica.as_deref()).map(without_password),
        store.postgres.as_ref().map(|postgres| postgres.unsafe_server.to_string()),
        store.postgres.as_ref().map(|postgres| (postgres.appends == Appends::Together).to_string()),
        given.store_named.map(|named| named.to_string()),
        bucket.map(|bucket| bucket.endpoint.clone()),
        bucket.map(|bucket| bucket.bucket.clone()),
        bucket.map(|bucket| bucket.region.clone()),
        bucket.map(|bucket| bucket.access_key.clone()),
        path(given.contents_secret_key_file.as_ref()),
        some(embedded.readers),
        some(embedded.queue_len),
        some(embedded.busy_timeout_ms),
        some(embedded.checkpoint_pages),
        some(embedded.writer_cache_kib),
        some(embedded.reader_cache_kib),
        some(&log.filter),
        some(http.log_every),
        some(match log.format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }),
    ]
}

fn some(value: impl Display) -> Option<String> {
    Some(value.to_string())
}

fn path(value: Option<&PathBuf>) -> Option<String> {
    value.map(|path| path.display().to_string())
}

/// Where the key is. Arguments of programs and attributes of tokens may be secret.
fn source(source: &KeySource) -> String {
    match source {
        KeySource::File(file) => file.display().to_string(),
        KeySource::Command(words) if words.len() > 1 => format!("command:{} {MASK}", words[0]),
        KeySource::Command(words) => format!("command:{}", words.join(" ")),
        KeySource::Token(_) => format!("pkcs11:{MASK}"),
    }
}

/// An address without what only its owner should know.
fn without_password(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return MASK.to_owned() };
    if url.password().is_some() {
        let _has_a_host = url.set_password(Some(MASK));
    }
    if url.query().is_some() {
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let shown = |(name, value): (String, String)| match name.contains("password") {
            true => (name, MASK.to_owned()),
            false => (name, value),
        };
        url.query_pairs_mut().clear().extend_pairs(pairs.into_iter().map(shown));
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::FIELDS;

    #[test]
    fn every_setting_has_a_value_in_its_place() {
        let file = "data = \"/d\"\nburst = 3\nready_mib = 5\nmemory_mib = 300\noperator_inn = \"7700000000\"\n\
            store = \"postgres://u:hunter2@db/potok?sslpassword=hunter2\"\n\
            store_replica = \"postgres://u:hunter2@standby/potok\"\nstore_together = true\nstore_named = false\nlog_every = 7\nrevocation = \"required\"\n\
            operator_key = \"command:/bin/sign --pin hunter2\"\nmetrics_listen = \"127.0.0.1:9464\"";
        let given: Given = toml::from_str(file).unwrap();
        let (log, settings) = (given.log(), given.clone().settings().unwrap());
        let values = shown(&given, &settings, &log);
        assert_eq!(values.len(), FIELDS.len());
        let of = |name: &str| {
            let place = FIELDS.iter().position(|field| *field == name).unwrap();
            values[place].as_deref()
        };
        for (name, value) in [
            ("data", "/d"),
            ("listen", "127.0.0.1:8080"),
            ("metrics_listen", "127.0.0.1:9464"),
            ("burst", "3"),
            ("ready_mib", "5"),
            ("memory_mib", "300"),
            ("operator_inn", "7700000000"),
            ("test_signatures", "false"),
            ("store", "postgres://u:***@db/potok?sslpassword=***"),
            ("store_replica", "postgres://u:***@standby/potok"),
            ("store_together", "true"),
            ("store_named", "false"),
            ("store_unsafe", "false"),
            ("store_connections", &settings.store.postgres.as_ref().unwrap().connections.to_string()),
            ("operator_key", "command:/bin/sign ***"),
            ("revocation", "required"),
            ("log", "info"),
            ("log_every", "7"),
            ("log_format", "text"),
        ] {
            assert_eq!(of(name), Some(value), "{name}");
        }
        assert_eq!(of("trust"), None);
        assert!(!format!("{values:?}").contains("hunter2"), "{values:?}");
    }
}
