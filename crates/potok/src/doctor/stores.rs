//! The database: what endangers what was acknowledged, its layout, its room for connections.

use std::sync::Arc;

use potok_store::StoreError;
use potok_store_postgres::{FAR_BEHIND, PostgresOptions, ServerFacts};
use potok_types::{BoxId, Clock, with_causes};

use super::Findings;
use crate::Settings;
use crate::stores::{DATABASE, OpenStore};

/// Milliseconds by which the clocks of a server and of its database may differ.
const DIFFERENCE_MS: i64 = 2000;

pub(super) async fn look(settings: &Settings, clock: &Arc<dyn Clock>, findings: &mut Findings) {
    if settings.store.bucket.is_some() {
        let checked = match settings.store.contents(&settings.data) {
            Ok(contents) => contents.check_writable().await,
            Err(error) => Err(error),
        };
        match checked {
            Ok(()) => findings.good("the bucket takes contents"),
            Err(error) => findings.bad(
                format_args!("the bucket takes no contents ({})", with_causes(&error)),
                "look at contents_endpoint, contents_bucket and the key, and at its rules",
            ),
        }
    }
    let can_be_opened = match &settings.store.postgres {
        Some(options) => match potok_store_postgres::facts(options).await {
            Ok(facts) => {
                postgres(options, &facts, clock, findings);
                replica(options, findings).await;
                facts.layout.is_current() && !facts.only_reads
            }
            Err(error) => {
                findings.bad(
                    format_args!("the database cannot be looked at ({})", with_causes(&error)),
                    "start it, or correct `store`",
                );
                false
            }
        },
        None => embedded(settings, findings),
    };
    if can_be_opened && let Err(error) = erasures(settings, clock, findings).await {
        findings.bad(
            format_args!("the store cannot be read ({})", with_causes(&error)),
            "what stands there says what to do; else restore a copy with `potok restore`",
        );
    }
}

/// Acts of erasing that were broken off.
async fn erasures(
    settings: &Settings,
    clock: &Arc<dyn Clock>,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let open = OpenStore::open(settings.store.clone(), &settings.data, clock).await?;
    let store = open.store();
    let looked = async {
        let (mut last, mut unended) = (None, Vec::new());
        while let Some(box_id) = store.next_box(last).await? {
            last = Some(box_id);
            let acts = store.erasures(box_id).await?;
            unended.extend(acts.iter().any(|act| act.ended.is_none()).then_some(box_id));
        }
        Ok(unended)
    };
    let looked: Result<Vec<BoxId>, StoreError> = looked.await;
    open.close().await;
    for box_id in looked? {
        findings.doubtful(
            format_args!("messages of box {box_id} are not all erased that were to be"),
            format_args!("`potok admin box erase {box_id} --resume`"),
        );
    }
    Ok(())
}

/// Whether it is there in this program's layout.
fn embedded(settings: &Settings, findings: &mut Findings) -> bool {
    let path = settings.data.join(DATABASE);
    if !path.exists() {
        findings.doubtful(
            format_args!("there is no database {}", path.display()),
            "a server makes it when it starts",
        );
        return false;
    }
    let found = potok_store_sqlite::needs_migration(&path);
    let can_be_opened = matches!(found, Ok(false));
    match found {
        Ok(false) => findings.good("the embedded database has the layout of this program"),
        Ok(true) => findings
            .doubtful("the embedded database has an older layout", "it is changed when a server starts"),
        Err(error) => findings.bad(
            format_args!("the embedded database cannot be read ({})", with_causes(&error)),
            "restore a copy with `potok restore`",
        ),
    }
    can_be_opened
}

fn postgres(options: &PostgresOptions, facts: &ServerFacts, clock: &Arc<dyn Clock>, findings: &mut Findings) {
    findings.good(format_args!("PostgreSQL {} answers", facts.version));
    for (name, is_on) in [("fsync", facts.fsync), ("full_page_writes", facts.full_page_writes)] {
        match is_on {
            true => findings.good(format_args!("{name} is on")),
            false => findings.bad(
                format_args!("{name} is off: a crash of the machine takes away what was acknowledged"),
                format_args!("ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf()"),
            ),
        }
    }
    if !facts.synchronous_commit {
        findings.doubtful(
            "synchronous_commit is off for this user: potok commits with on all the same, other programs do not",
            "ALTER ROLE … RESET synchronous_commit, and the same of the database and the server",
        );
    }
    if !facts.checksums {
        findings.doubtful(
            "pages of the database have no checksums: a damaged disk is noticed late",
            "pg_checksums --enable while the database server is stopped",
        );
    }
    if facts.only_reads {
        findings.bad("the database server only reads", "give the address of the primary in `store`");
    }
    match facts.layout.is_current() {
        true => findings.good("the database has the layout of this program"),
        false => findings.bad(
            format_args!(
                "the database has layout {}, and this program works on {}",
                facts.layout.applied, facts.layout.known
            ),
            "`potok migrate` of the newer program",
        ),
    }
    connections(options, facts, findings);
    let ahead_ms = facts.clock_ms - clock.now().unix_seconds() * 1000;
    if ahead_ms.abs() > DIFFERENCE_MS + 1000 {
        findings.doubtful(
            format_args!("the clock of the database server is {} s ahead of this one", ahead_ms / 1000),
            "set both by the same time server: servers take over from each other by their clocks",
        );
    }
}

/// Whether the standby at which lists are read can be used.
async fn replica(options: &PostgresOptions, findings: &mut Findings) {
    match potok_store_postgres::look_at_replica(options).await {
        Ok(None) => {}
        Ok(Some(behind @ FAR_BEHIND..)) => findings.doubtful(
            format_args!(
                "the reading replica is {behind} bytes of the log behind: much is read at the primary"
            ),
            "look at its disk and at the line to the primary; pg_stat_replication tells more",
        ),
        Ok(Some(behind)) => {
            findings.good(format_args!("the reading replica is {behind} bytes of the log behind"));
        }
        Err(error) => findings.doubtful(
            format_args!(
                "the reading replica is not used, and everything is read at the primary ({})",
                with_causes(&error)
            ),
            "start it, or correct `store_replica`",
        ),
    }
}

fn connections(options: &PostgresOptions, facts: &ServerFacts, findings: &mut Findings) {
    // One listens.
    let wanted = options.connections.max(2) as i64 + 1;
    let (room, free) = (facts.connections, facts.connections - facts.connected);
    let what = format!("a server opens {wanted} connections, and the database has room for {room}");
    if wanted > room {
        findings.bad(what, "lower store_connections, or raise max_connections of the database");
    } else if wanted > free {
        findings.doubtful(
            format_args!("{what}, of which {free} are free now"),
            "lower store_connections, or raise max_connections, before another server starts",
        );
    } else {
        findings.good(what);
    }
}
