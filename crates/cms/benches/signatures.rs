//! Signatures made and verified per second on one core, beside the `openssl` program of the same machine in the same run.
//!
//! `cargo bench -p potok-cms`. Under `cargo test --benches` every line runs once, so that the bench cannot rot, and
//! OpenSSL is not asked.
//!
//! * `sign`, `verify`: the mathematics alone, over a ready digest.
//! * `CMS sign`, `CMS verify`: a whole signature of a document of 4 KB. Signing checks its own work; verifying reads the
//!   signature, hashes, and checks signature and chain of three, whose authority was seen before.
//! * `OpenSSL`: `openssl speed` where it knows the algorithm; for GOST what one more signer in a `cms` command costs.

#![expect(clippy::print_stdout, reason = "a bench is there to print its numbers")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use potok_cms::gost::ParameterSet;
use potok_cms::pki::{Authority, Identity, Role, Subject, Validity};
use potok_cms::{Content, DigestAlgorithm, KeyKind, SigningKey, Trust, UnixTime, sign, verify};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// 2026-11-21.
const NOW: UnixTime = UnixTime(1_795_255_200);
/// Signers in one `cms` command of OpenSSL.
const SIGNERS: u32 = 300;

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let budget = if is_bench { Duration::from_millis(500) } else { Duration::ZERO };
    let openssl = if is_bench { OpenSsl::find() } else { None };
    let document = vec![b'x'; 4096];

    println!(
        "{:<24}{:>10}{:>10}{:>12}{:>12}{:>14}{:>16}",
        "per second on one core",
        "sign",
        "verify",
        "CMS sign",
        "CMS verify",
        "OpenSSL sign",
        "OpenSSL verify"
    );
    for (name, kind, theirs) in [
        ("GOST 256 CryptoPro-A", KeyKind::Gost(ParameterSet::CryptoProA), Theirs::Gost(256, "A")),
        ("GOST 256 TC26-A", KeyKind::Gost(ParameterSet::Tc26A256), Theirs::Gost(256, "TCA")),
        ("GOST 512 TC26-A", KeyKind::Gost(ParameterSet::Tc26A512), Theirs::Gost(512, "A")),
        ("GOST 512 TC26-C", KeyKind::Gost(ParameterSet::Tc26C512), Theirs::Gost(512, "C")),
        ("RSA 2048", KeyKind::Rsa2048, Theirs::Speed("rsa2048")),
        ("ECDSA P-256", KeyKind::P256, Theirs::Speed("ecdsap256")),
        ("ECDSA P-384", KeyKind::P384, Theirs::Speed("ecdsap384")),
    ] {
        let (signer, trust) = pki(kind);
        let Identity { certificate, key } = &signer;
        let digest = key.algorithm().digest().digest(&document);
        let value = key.sign_digest(&digest).unwrap();
        let signature = sign(Content::Bytes(&document), certificate, &[], key, NOW).unwrap();
        assert!(verify(&signature, Content::Bytes(&document), NOW, &trust).unwrap().is_valid());

        let ours = [
            rate(budget, || key.sign_digest(black_box(&digest)).unwrap()),
            rate(budget, || certificate.key().verify(key.algorithm(), black_box(&digest), &value)),
            rate(budget, || sign(Content::Bytes(black_box(&document)), certificate, &[], key, NOW).unwrap()),
            rate(budget, || verify(black_box(&signature), Content::Bytes(&document), NOW, &trust).unwrap()),
        ];
        let theirs = openssl.as_ref().and_then(|openssl| openssl.rates(theirs));
        let theirs = theirs
            .map_or_else(|| ["–".to_owned(), "–".to_owned()], |rates| rates.map(|rate| format!("{rate:.0}")));
        println!(
            "{name:<24}{:>10.0}{:>10.0}{:>12.0}{:>12.0}{:>14}{:>16}",
            ours[0], ours[1], ours[2], ours[3], theirs[0], theirs[1]
        );
    }

    println!("\n{:<24}{:>10}", "digest of 1 MiB", "MB/s");
    let megabyte = vec![b'x'; 1 << 20];
    for algorithm in DigestAlgorithm::ALL {
        let rate = rate(budget, || algorithm.digest(black_box(&megabyte)));
        println!("{:<24}{:>10.0}", algorithm.name(), rate * 1.048_576);
    }
}

/// Runs once, then for the budget; times per second.
fn rate<T>(budget: Duration, mut run: impl FnMut() -> T) -> f64 {
    black_box(run());
    let start = Instant::now();
    let mut count = 0u32;
    loop {
        black_box(run());
        count += 1;
        if start.elapsed() >= budget {
            return f64::from(count) / start.elapsed().as_secs_f64();
        }
    }
}

fn pki(kind: KeyKind) -> (Identity, Trust) {
    let mut random = StdRng::seed_from_u64(1);
    let validity = Validity::days(UnixTime(NOW.0 - 86_400), 365);
    let root = Authority::root(&Subject::common_name("Root"), kind, validity, &mut random).unwrap();
    let role = Role::Authority { below: Some(0) };
    let authority =
        root.issue_identity(&Subject::common_name("Authority"), kind, role, validity, &mut random).unwrap();
    let authority = Authority::new(authority);
    let subject = Subject::common_name("Signer");
    let signer = authority.issue_identity(&subject, kind, Role::Signer, validity, &mut random).unwrap();
    let trust = Trust {
        anchors: vec![root.certificate().clone()],
        intermediates: vec![authority.certificate().clone()],
        ..Trust::default()
    };
    (signer, trust)
}

/// How OpenSSL is asked.
#[derive(Clone, Copy)]
enum Theirs {
    /// By a name of `openssl speed`.
    Speed(&'static str),
    /// By bits and parameter set.
    Gost(u32, &'static str),
}

struct OpenSsl {
    folder: tempfile::TempDir,
}

impl OpenSsl {
    fn find() -> Option<Self> {
        let found = Command::new("openssl").args(["engine", "gost"]).output().ok()?.status.success();
        if !found {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let config = "openssl_conf = a\n[a]\nengines = b\n[b]\ngost = c\n[c]\nengine_id = gost\ndefault_algorithms = ALL\n\
                      [req]\ndistinguished_name = d\n[d]\n";
        std::fs::write(folder.path().join("config"), config).unwrap();
        std::fs::write(folder.path().join("document"), "x").unwrap();
        Some(Self { folder })
    }

    fn run(&self, line: &str) -> Option<String> {
        let output = Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env("OPENSSL_CONF", self.folder.path().join("config"))
            .output()
            .ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Signatures made and verified per second.
    fn rates(&self, theirs: Theirs) -> Option<[f64; 2]> {
        match theirs {
            Theirs::Speed(name) => {
                // The last two columns of the last line.
                let table = self.run(&format!("speed -seconds 1 {name}"))?;
                let mut columns = table.lines().last()?.split_whitespace().rev();
                let verify = columns.next()?.parse().ok()?;
                let sign = columns.next()?.parse().ok()?;
                Some([sign, verify])
            }
            Theirs::Gost(bits, set) => {
                self.run(&format!("genpkey -algorithm gost2012_{bits} -pkeyopt paramset:{set} -out key"))?;
                self.run("req -x509 -new -key key -subj /CN=x -out certificate")?;
                let sign = |signers: u32| {
                    let signers = " -signer certificate -inkey key".repeat(usize::try_from(signers).unwrap());
                    self.run(&format!(
                        "cms -sign -binary -noattr -nocerts -in document -outform DER -out signature{signers}"
                    ))
                };
                let verify = || {
                    self.run(
                        "cms -verify -noverify -binary -inform DER -in signature -content document -certfile certificate -out out",
                    )
                };
                let [one, one_verified] = [self.time(|| sign(1))?, self.time(verify)?];
                let [many, many_verified] = [self.time(|| sign(SIGNERS + 1))?, self.time(verify)?];
                let rate = |many: f64, one: f64| f64::from(SIGNERS) / (many - one);
                Some([rate(many, one), rate(many_verified, one_verified)])
            }
        }
    }

    /// Seconds of a command that succeeds, the best of five: differences are taken of these.
    fn time(&self, run: impl Fn() -> Option<String>) -> Option<f64> {
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let start = Instant::now();
            run()?;
            best = best.min(start.elapsed().as_secs_f64());
        }
        Some(best)
    }
}
