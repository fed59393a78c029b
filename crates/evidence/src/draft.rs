//! A package while it is made.

use potok_cms::DigestAlgorithm;
use potok_zip::{Archive, Time, TooLarge};

use crate::manifest::{FileKind, FileNote, Manifest};
use crate::{MANIFEST, MANIFEST_SIGNATURE};

/// A package into which files are put.
pub struct Draft {
    archive: Archive,
    /// What was said about it so far.
    pub manifest: Manifest,
}

/// A package to which nothing is missing but the operator's signature.
pub struct Sealing {
    archive: Archive,
    manifest: Vec<u8>,
}

impl Draft {
    /// A package without files. Everything in the archive was made at `at`.
    pub fn new(manifest: Manifest, at: Time) -> Self {
        let manifest =
            Manifest { format: Manifest::FORMAT.to_owned(), version: Manifest::VERSION, ..manifest };
        Self { archive: Archive::new(at), manifest }
    }

    /// Puts a file in, and tells its name there: `wanted`, or what comes nearest to it. What else is known of it goes into `note`,
    /// whose name, size and digests are written here.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn add(&mut self, wanted: &str, content: &[u8], note: FileNote) -> Result<String, TooLarge> {
        let lower = wanted.to_lowercase();
        let is_taken = lower.starts_with(MANIFEST);
        let name =
            self.archive.add(&if is_taken { format!("_{wanted}") } else { wanted.to_owned() }, content)?;
        let [sha256, streebog256] = digests(content);
        let size = content.len() as u64;
        self.manifest.files.push(FileNote { name: name.clone(), size, sha256, streebog256, ..note });
        Ok(name)
    }

    /// The file of these bytes and this kind, if it is in already.
    pub fn find(&self, kind: FileKind, content: &[u8]) -> Option<&str> {
        let [sha256, _] = digests(content);
        let found = self.manifest.files.iter().find(|file| file.kind == kind && file.sha256 == sha256);
        found.map(|file| file.name.as_str())
    }

    /// Nothing more is put in.
    pub fn seal(self) -> Sealing {
        Sealing { archive: self.archive, manifest: self.manifest.to_bytes() }
    }
}

impl Sealing {
    /// What the operator signs.
    pub fn to_sign(&self) -> &[u8] {
        &self.manifest
    }

    /// The bytes of the package. `signature` is a detached one over [`Self::to_sign`].
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn finish(mut self, signature: &[u8]) -> Result<Vec<u8>, TooLarge> {
        self.archive.add(MANIFEST, &self.manifest)?;
        self.archive.add(MANIFEST_SIGNATURE, signature)?;
        Ok(self.archive.finish())
    }
}

impl FileNote {
    /// What is known of a file before it is put in.
    pub fn of(kind: FileKind) -> Self {
        Self {
            name: String::new(),
            kind,
            size: 0,
            sha256: String::new(),
            streebog256: String::new(),
            entity_id: String::new(),
            title: String::new(),
            at: None,
        }
    }
}

/// SHA-256 and Streebog of bytes, hexadecimal.
pub(crate) fn digests(content: &[u8]) -> [String; 2] {
    [DigestAlgorithm::Sha256, DigestAlgorithm::Streebog256]
        .map(|algorithm| algorithm.digest(content).iter().map(|byte| format!("{byte:02x}")).collect())
}
