//! The stored form of what is to be signed. What is said in [`super`] of versions holds here too.

use minicbor::{Decode, Encode};
use potok_domain::signing as domain;
use potok_types::Ticks;

use super::v1::{Digest, Id};
use super::{Nothing, ReadVersion as _, Stored, StoredFormError, encode};

#[derive(Encode, Decode)]
struct StoredSigning {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    key: [u8; 20],
    #[n(1)]
    work: Work,
    #[n(2)]
    stage: Stage,
}

#[derive(Encode, Decode)]
enum Work {
    #[n(0)]
    Dss(#[n(0)] Id, #[n(1)] Confirmed, #[n(2)] Vec<File>),
    #[n(1)]
    Cloud(#[n(0)] Vec<File>),
    #[n(2)]
    Receipts(#[n(0)] Id, #[n(1)] Vec<(Id, Id)>, #[n(2)] String),
}

#[derive(Clone, Copy, Encode, Decode)]
enum Confirmed {
    #[n(0)]
    Nowhere,
    #[n(1)]
    Elsewhere,
    #[n(2)]
    ByHolder,
}

#[derive(Encode, Decode)]
struct File {
    #[n(0)]
    name: Option<String>,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    digest: Vec<u8>,
}

#[derive(Encode, Decode)]
enum Stage {
    #[n(0)]
    Waiting(#[n(0)] i64, #[n(1)] Option<Digest>, #[n(2)] u8),
    #[n(1)]
    Ready(#[n(0)] bool),
    #[n(2)]
    Signatures(#[n(0)] Vec<Signature>),
    #[n(3)]
    OnShelf(#[n(0)] Vec<String>),
    #[n(4)]
    Receipts(#[n(0)] u64),
    #[n(5)]
    Cancelled,
    #[n(6)]
    Occupied,
    #[n(7)]
    Crashed(#[n(0)] String),
}

#[derive(Encode, Decode)]
struct Signature {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    bytes: Option<Vec<u8>>,
}

first_versions!(StoredSigning);

/// The bytes under which the work and the stage of a signing are kept, and its key; the rest of it stands beside them.
pub fn encode_signing(signing: &domain::Signing) -> Vec<u8> {
    let files = |files: &[domain::FileToSign]| {
        let kept = |file: &domain::FileToSign| File { name: file.name.clone(), digest: file.digest.clone() };
        files.iter().map(kept).collect()
    };
    let work = match &signing.work {
        domain::Work::Files { way: domain::Way::Dss { box_id, confirmed }, files: all } => Work::Dss(
            (*box_id).into(),
            match confirmed {
                domain::Confirmed::Nowhere => Confirmed::Nowhere,
                domain::Confirmed::Elsewhere => Confirmed::Elsewhere,
                domain::Confirmed::ByHolder => Confirmed::ByHolder,
            },
            files(all),
        ),
        domain::Work::Files { way: domain::Way::Cloud, files: all } => Work::Cloud(files(all)),
        domain::Work::Receipts { box_id, targets, next } => {
            let targets = targets.iter().map(|(message, entity)| ((*message).into(), (*entity).into()));
            Work::Receipts((*box_id).into(), targets.collect(), next.clone())
        }
    };
    let stage = match signing.stage.clone() {
        domain::Stage::Waiting { until, code, tries } => Stage::Waiting(until.get(), code.map(Digest), tries),
        domain::Stage::Ready { on_shelf } => Stage::Ready(on_shelf),
        domain::Stage::Done(domain::Done::Signatures(all)) => {
            let kept = all.into_iter().map(|bytes| Signature { bytes: bytes.map(Into::into) });
            Stage::Signatures(kept.collect())
        }
        domain::Stage::Done(domain::Done::OnShelf(names)) => Stage::OnShelf(names),
        domain::Stage::Done(domain::Done::Receipts(count)) => Stage::Receipts(count),
        domain::Stage::Cancelled => Stage::Cancelled,
        domain::Stage::Occupied => Stage::Occupied,
        domain::Stage::Crashed { reason } => Stage::Crashed(reason),
    };
    encode(&StoredSigning { key: signing.key.0, work, stage })
}

/// What was kept as `bytes`.
///
/// # Errors
/// [`StoredFormError`]: the bytes are damaged, or a newer server wrote them.
pub fn decode_signing(
    bytes: &[u8],
) -> Result<(domain::KeyName, domain::Work, domain::Stage), StoredFormError> {
    let (version, body) =
        bytes.split_first_chunk::<2>().ok_or(StoredFormError::NoVersion { len: bytes.len() })?;
    let StoredSigning { key, work, stage } = StoredSigning::read(u16::from_be_bytes(*version), body)?;
    let files = |files: Vec<File>| {
        files.into_iter().map(|File { name, digest }| domain::FileToSign { name, digest }).collect()
    };
    let work = match work {
        Work::Dss(box_id, confirmed, all) => {
            let confirmed = match confirmed {
                Confirmed::Nowhere => domain::Confirmed::Nowhere,
                Confirmed::Elsewhere => domain::Confirmed::Elsewhere,
                Confirmed::ByHolder => domain::Confirmed::ByHolder,
            };
            let way = domain::Way::Dss { box_id: box_id.into(), confirmed };
            domain::Work::Files { way, files: files(all) }
        }
        Work::Cloud(all) => domain::Work::Files { way: domain::Way::Cloud, files: files(all) },
        Work::Receipts(box_id, targets, next) => {
            let targets = targets.into_iter().map(|(message, entity)| (message.into(), entity.into()));
            domain::Work::Receipts { box_id: box_id.into(), targets: targets.collect(), next }
        }
    };
    let stage = match stage {
        Stage::Waiting(until, code, tries) => {
            domain::Stage::Waiting { until: Ticks::new(until), code: code.map(|Digest(hash)| hash), tries }
        }
        Stage::Ready(on_shelf) => domain::Stage::Ready { on_shelf },
        Stage::Signatures(all) => {
            let signatures = all.into_iter().map(|signature| signature.bytes.map(Into::into));
            domain::Stage::Done(domain::Done::Signatures(signatures.collect()))
        }
        Stage::OnShelf(names) => domain::Stage::Done(domain::Done::OnShelf(names)),
        Stage::Receipts(count) => domain::Stage::Done(domain::Done::Receipts(count)),
        Stage::Cancelled => domain::Stage::Cancelled,
        Stage::Occupied => domain::Stage::Occupied,
        Stage::Crashed(reason) => domain::Stage::Crashed { reason },
    };
    Ok((domain::KeyName(key), work, stage))
}

#[cfg(all(test, feature = "contract"))]
mod tests {
    use super::*;
    use crate::contract::samples_of_signings;

    /// As the first release wrote them, one in each line. `POTOK_WRITE_SAMPLES=1` writes the file if it is missing.
    #[test]
    fn what_is_kept_is_read_as_it_was_and_so_is_what_the_first_version_wrote() {
        let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/signings/v1.txt");
        let samples = samples_of_signings();
        let lines = samples.iter().map(|it| hex(encode_signing(it)) + "\n").collect::<String>();
        if std::env::var_os("POTOK_WRITE_SAMPLES").is_some() && !path.exists() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            std::fs::write(&path, &lines).expect("writable");
        }
        assert_eq!(std::fs::read_to_string(&path).expect("the samples are there"), lines);
        for signing in samples {
            let bytes = encode_signing(&signing);
            let read = decode_signing(&bytes).expect("just written");
            assert_eq!(read, (signing.key, signing.work, signing.stage));
            for length in 0..bytes.len() {
                decode_signing(&bytes[..length]).expect_err("it was cut off");
            }
        }
    }
}
