//! The `openssl` program as a judge that we did not write.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

use potok_cms::UnixTime;
use potok_cms::gost::ParameterSet;
use tempfile::TempDir;

/// The engine, an identifier that OpenSSL does not know, and a subject as Russian certificates have it.
const CONFIG: &str = r#"
openssl_conf = init
[init]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
[req]
distinguished_name = dn
prompt = no
utf8 = yes
string_mask = utf8only
[dn]
CN = ООО «Лютик»
O = ООО «Лютик»
INN = 500100732259
x.1.2.643.100.4 = 9616279520
OGRN = 1126605009600
SNILS = 11223344595
SN = Морозов
GN = Пётр Андреевич
title = Директор
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[stamper]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = test
[test]
serial = ./serial
default_policy = 1.2.3.4.1
digests = sha256, sha512
signer_digest = sha256
accuracy = secs:1
ordering = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"#;

/// A folder to run `openssl` in.
pub(crate) struct OpenSsl {
    folder: TempDir,
}

impl OpenSsl {
    /// `None` when OpenSSL or its engine is not installed, which the test run says aloud; where `CI` is set this is a
    /// failure. `make tools` installs both.
    pub(crate) fn find() -> Option<Self> {
        let probe = Command::new("openssl").args(["engine", "gost"]).output();
        if probe.is_ok_and(|output| output.status.success()) {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("config"), CONFIG).unwrap();
            return Some(Self { folder });
        }
        assert!(
            std::env::var_os("CI").is_none(),
            "openssl with the GOST engine is not installed: run `make tools`"
        );
        // Not by the macro, whose output the test harness hides.
        let message = b"SKIPPED: openssl with the GOST engine is not installed; `make tools` installs it\n";
        std::io::stderr().write_all(message).unwrap();
        None
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs a command line of words without spaces; what it printed, or its complaint.
    pub(crate) fn try_run(&self, line: &str) -> Result<String, String> {
        let output = Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env("OPENSSL_CONF", self.path("config"))
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(complaint)
        }
    }

    /// Runs a command line that has to succeed.
    pub(crate) fn run(&self, line: &str) -> String {
        self.try_run(line).unwrap_or_else(|complaint| panic!("openssl {line}\n{complaint}"))
    }

    /// A root, and a signer below it: `root.key`, `root.pem`, `signer.key`, `signer.pem`. Made once for each kind.
    pub(crate) fn make_pki(&self, kind: &Kind) {
        const FILES: [&str; 4] = ["root.key", "root.pem", "signer.key", "signer.pem"];
        static MADE: Mutex<BTreeMap<String, [Vec<u8>; 4]>> = Mutex::new(BTreeMap::new());
        let known = MADE.lock().unwrap().get(&kind.genpkey).cloned();
        let files = known.unwrap_or_else(|| {
            self.run(&format!("genpkey {} -out root.key", kind.genpkey));
            self.run(&format!("genpkey {} -out signer.key", kind.genpkey));
            self.run("req -x509 -new -key root.key -extensions root -subj /CN=Root -days 3650 -out root.pem");
            self.run("req -new -key signer.key -out signer.csr");
            self.run(
                "x509 -req -in signer.csr -CA root.pem -CAkey root.key -CAcreateserial -days 365 \
                 -extfile config -extensions signer -out signer.pem",
            );
            FILES.map(|name| self.read(name))
        });
        for (name, bytes) in FILES.iter().zip(&files) {
            self.write(name, bytes);
        }
        MADE.lock().unwrap().insert(kind.genpkey.clone(), files);
    }

    /// A time that is still to come when the test has run: everything OpenSSL signs in between is signed before it.
    pub(crate) fn later(&self) -> UnixTime {
        UnixTime(self.now().0 + 3_600)
    }

    /// Now, as OpenSSL sees it: it signs and checks by the clock of the machine.
    pub(crate) fn now(&self) -> UnixTime {
        // The end of a certificate that is made for one day.
        self.run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k -days 1 -out c");
        let certificate = potok_cms::Certificate::parse(&self.read("c")).unwrap();
        UnixTime(certificate.not_after().0 - 86_400)
    }
}

/// A kind of key as OpenSSL calls it.
pub(crate) struct Kind {
    pub(crate) name: String,
    /// Options of `genpkey`.
    genpkey: String,
    /// Options of `cms -sign` after the usual ones.
    pub(crate) sign: &'static str,
    /// Our name of the same kind.
    pub(crate) ours: potok_cms::KeyKind,
}

/// Every algorithm and every parameter set that the engine knows.
pub(crate) fn kinds() -> Vec<Kind> {
    use potok_cms::KeyKind;
    let rsa = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
    let curve = |name: &str| format!("-algorithm EC -pkeyopt ec_paramgen_curve:{name}");
    let mut kinds = vec![
        ("RSA", rsa.to_owned(), "-md sha256", KeyKind::Rsa2048),
        ("RSA with SHA-512", rsa.to_owned(), "-md sha512", KeyKind::Rsa2048),
        ("PSS", rsa.to_owned(), "-md sha256 -keyopt rsa_padding_mode:pss", KeyKind::Rsa2048),
        (
            "PSS with another salt",
            rsa.to_owned(),
            "-md sha384 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:20",
            KeyKind::Rsa2048,
        ),
        ("P-256", curve("P-256"), "-md sha256", KeyKind::P256),
        ("P-256 with SHA-512", curve("P-256"), "-md sha512", KeyKind::P256),
        ("P-384", curve("P-384"), "-md sha384", KeyKind::P384),
    ]
    .into_iter()
    .map(|(name, genpkey, sign, ours)| Kind { name: name.to_owned(), genpkey, sign, ours })
    .collect::<Vec<_>>();
    for (set, bits, name) in [
        (ParameterSet::Test256, 256, "0"),
        (ParameterSet::CryptoProA, 256, "A"),
        (ParameterSet::CryptoProB, 256, "B"),
        (ParameterSet::CryptoProC, 256, "C"),
        (ParameterSet::CryptoProXchA, 256, "XA"),
        (ParameterSet::CryptoProXchB, 256, "XB"),
        (ParameterSet::Tc26A256, 256, "TCA"),
        (ParameterSet::Tc26B256, 256, "TCB"),
        (ParameterSet::Tc26C256, 256, "TCC"),
        (ParameterSet::Tc26D256, 256, "TCD"),
        (ParameterSet::Tc26A512, 512, "A"),
        (ParameterSet::Tc26B512, 512, "B"),
        (ParameterSet::Tc26C512, 512, "C"),
    ] {
        kinds.push(Kind {
            name: format!("{set:?}"),
            genpkey: format!("-algorithm gost2012_{bits} -pkeyopt paramset:{name}"),
            sign: if bits == 256 { "-md md_gost12_256" } else { "-md md_gost12_512" },
            ours: KeyKind::Gost(set),
        });
    }
    kinds
}
