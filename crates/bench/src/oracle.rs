//! Whether anybody learns by the clock what answers do not tell: which boxes, logins and certificates there are.

use std::time::{Duration, Instant};

use potok_cms::pki::{Authority, Role, Subject, Validity};
use potok_cms::{KeyKind, UnixTime};
use potok_testkit::app::admin::NewUser;
use potok_testkit::{Person, World};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::load::Connection;

type Failed = Box<dyn std::error::Error>;

/// Logins of each kind. Each is tried no more often than costs nothing.
const LOGINS: usize = 40;
const TRIES: usize = 4;

/// How long two questions took that are answered alike.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What was asked.
    pub name: &'static str,
    /// Where there is what was asked about, shortest first.
    pub is_there: Vec<Duration>,
    /// Where there is not, shortest first.
    pub is_not: Vec<Duration>,
    /// The first question once more, among the others, shortest first: what differs from the first is noise.
    pub again: Vec<Duration>,
}

impl Compared {
    /// Whoever sees only the times tells the two apart: they lie further from each other than chance explains in one of a
    /// hundred runs, and further than the same question asked twice.
    pub fn is_told_apart(&self) -> bool {
        let apart = distance(&self.is_there, &self.is_not);
        apart > by_chance(self.is_there.len(), self.is_not.len())
            && apart > distance(&self.is_there, &self.again)
    }
}

/// How far two samples lie from each other: the largest difference between the shares of both that are no longer than some
/// time (Kolmogorov and Smirnov). 0: alike; 1: every time of one is shorter than every time of the other.
fn distance(one: &[Duration], other: &[Duration]) -> f64 {
    let share = |times: &[Duration], bound: Duration| {
        times.partition_point(|time| *time <= bound) as f64 / times.len().max(1) as f64
    };
    let apart = |bound: &Duration| (share(one, *bound) - share(other, *bound)).abs();
    one.iter().chain(other).map(apart).fold(0.0, f64::max)
}

/// The distance that two samples of one kind exceed in one of a hundred cases.
fn by_chance(one: usize, other: usize) -> f64 {
    let (one, other) = (one as f64, other as f64);
    1.63 * ((one + other) / (one * other)).sqrt()
}

fn median(times: &[Duration]) -> Duration {
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Asks in turn, so that whatever slows the machine down slows all of them.
async fn compare(
    world: &World,
    name: &'static str,
    rounds: usize,
    question: impl Fn(usize, bool) -> Vec<u8>,
) -> Result<Compared, Failed> {
    let mut connection = Connection::open(world.address()).await?;
    let mut times: [Vec<Duration>; 3] = Default::default();
    let mut told = None;
    for round in 0..rounds {
        // Each comes first as often as last.
        for turn in 0..3 {
            let nth = (round + turn) % 3;
            let asked = question(round * 2 + usize::from(nth == 2), nth != 1);
            let start = Instant::now();
            let status = connection.status_of(&asked).await?;
            times[nth].push(start.elapsed());
            if *told.get_or_insert(status) != status {
                return Err(format!("{name}: once {told:?}, then {status}").into());
            }
        }
    }
    let [is_there, is_not, again] = times.map(|mut times| {
        times.sort_unstable();
        times
    });
    Ok(Compared { name, is_there, is_not, again })
}

fn request(verb: &str, path: &str, authorization: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let mut whole = format!(
        "{verb} {path} HTTP/1.1\r\nHost: potok\r\nAuthorization: {authorization}\r\n{kind}Content-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    whole.extend_from_slice(body);
    whole
}

/// A certificate of `foreign`, and one of nobody.
async fn certificates(world: &World, foreign: &Person) -> Result<[Vec<u8>; 2], Failed> {
    let mut random = StdRng::seed_from_u64(8);
    let now = world.clock_seconds();
    let validity = Validity { from: UnixTime(now - 3600), to: UnixTime(now + 86_400) };
    let authority = Authority::root(&Subject::common_name("УЦ"), KeyKind::P256, validity, &mut random)?;
    let mut issue = |name| {
        let subject = Subject::common_name(name);
        authority.issue_identity(&subject, KeyKind::P256, Role::Signer, validity, &mut random)
    };
    let [known, unknown] = [issue("Один")?, issue("Другой")?].map(|it| it.certificate.as_der().to_vec());
    world.app().admin().add_certificate(foreign.user_id, &known).await?;
    Ok([known, unknown])
}

/// Compares boxes that `person` is no employee of, that of `foreign` and one that is not there; logins; certificates, one of
/// `foreign` and one of nobody.
///
/// # Errors
/// The two were not even answered by the same status.
pub async fn compare_all(
    world: &World,
    person: &Person,
    foreign: &Person,
    rounds: usize,
) -> Result<Vec<Compared>, Failed> {
    const NONE: &str = "4c422f4e-7ecd-492d-a652-3aa45007da1b";
    let bearer = format!("Bearer {}", person.access_token);
    let [known, unknown] = certificates(world, foreign).await?;
    let foreign = foreign.box_id.to_string();
    let of_box = |_, is_there| {
        let box_id = if is_there { &*foreign } else { NONE };
        request("GET", &format!("/GetMyEmployee?boxId={box_id}"), &bearer, "", b"")
    };
    for nth in 0..LOGINS {
        let login = format!("guessed-{nth}@example.com");
        let new = NewUser { login, password: Some("correct horse".to_owned()), ..NewUser::default() };
        world.app().admin().create_user(new).await?;
    }
    let program = format!("DiadocAuth ddauth_api_client_id={}", world.program().id);
    let of_login = |nth: usize, is_there| {
        let kind = if is_there { "guessed" } else { "made-up" };
        let login = format!("{kind}-{}@example.com", nth % LOGINS);
        let body = format!(r#"{{"login":"{login}","password":"wrong"}}"#);
        let json = "Content-Type: application/json\r\n";
        request("POST", "/V3/Authenticate?type=password", &program, json, body.as_bytes())
    };
    let octets = "Content-Type: application/octet-stream\r\n";
    let of_certificate = |_, is_there| {
        let body = if is_there { &known } else { &unknown };
        request("POST", "/V3/Authenticate?type=certificate", &program, octets, body)
    };
    let of_proof = |_, is_there| {
        let body = if is_there { &known } else { &unknown };
        request("POST", "/V3/AuthenticateConfirm?token=bm9uZQ%3D%3D", &program, octets, body)
    };
    Ok(vec![
        compare(world, "a box of others, and none", rounds, of_box).await?,
        compare(world, "a wrong password of somebody, and of nobody", LOGINS * TRIES / 2, of_login).await?,
        compare(world, "a challenge for a certificate", rounds, of_certificate).await?,
        compare(world, "a wrong answer to a challenge", rounds, of_proof).await?,
    ])
}

impl std::fmt::Display for Compared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let micros = |times: &[Duration]| median(times).as_secs_f64() * 1e6;
        let verdict = if self.is_told_apart() { "TOLD APART" } else { "not told apart" };
        write!(
            f,
            "{}: {:.0} µs where it is there, {:.0} µs where it is not; distance {:.3}, of the same question asked twice {:.3}, by \
             chance up to {:.3}: {verdict}",
            self.name,
            micros(&self.is_there),
            micros(&self.is_not),
            distance(&self.is_there, &self.is_not),
            distance(&self.is_there, &self.again),
            by_chance(self.is_there.len(), self.is_not.len()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(micros: impl Iterator<Item = u64>) -> Vec<Duration> {
        micros.map(Duration::from_micros).collect()
    }

    #[test]
    fn a_shift_is_told_from_noise() {
        let (one, shifted) = (times(100..200), times(150..250));
        assert_eq!(distance(&one, &one), 0.0);
        assert!((distance(&one, &shifted) - 0.5).abs() < 1e-9);
        assert_eq!(distance(&one, &times(200..300)), 1.0);
        let compared = |is_not: &[Duration], again: &[Duration]| Compared {
            name: "a box",
            is_there: one.clone(),
            is_not: is_not.to_vec(),
            again: again.to_vec(),
        };
        assert!(compared(&shifted, &one).is_told_apart());
        assert!(!compared(&times(110..210), &one).is_told_apart(), "as far as chance goes");
        assert!(!compared(&shifted, &times(151..251)).is_told_apart(), "the machine was busy");
    }
}
