//! `potok admin pki new`: a complete test infrastructure in a folder.

use std::error::Error;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use potok_cms::gost::ParameterSet;
use potok_cms::pki::{Identity, Members, Organization, Person};
use potok_cms::{KeyKind, UnixTime};
use potok_operator::keys::PasswordSource;
use potok_operator::test_operator;
use potok_operator::test_pki::{self, Layout};
use serde_json::{Value, json};

use super::Said;
use crate::cli::Environment;

#[derive(Subcommand)]
pub(crate) enum PkiCommand {
    /// Makes a root, an authority, the operator's key, a time stamp authority, and keys of people
    New(PkiNew),
}

#[derive(Args)]
pub(crate) struct PkiNew {
    /// Folder to make; each algorithm gets a folder in it
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Algorithms of the keys
    #[arg(long, value_delimiter = ',', default_value = "gost256,rsa", value_name = "NAMES")]
    algorithms: Vec<Algorithm>,
    /// Name of the operator
    #[arg(long, value_name = "NAME")]
    operator_name: Option<String>,
    /// Taxpayer number of the operator, 10 digits
    #[arg(long, value_name = "INN")]
    operator_inn: Option<String>,
    /// Name of the organization whose people get keys
    #[arg(long, default_value = "ООО «Ромашка»", value_name = "NAME")]
    organization: String,
    /// Its taxpayer number, 10 digits
    #[arg(long, default_value = "7701000010")]
    inn: String,
    /// Its state registration number, 13 digits
    #[arg(long, default_value = "")]
    ogrn: String,
    /// Its city
    #[arg(long, default_value = "", hide_default_value = true)]
    city: String,
    /// A person: "Surname Given-name Patronymic", and after a colon the position; may be repeated
    #[arg(long = "person", default_value = "Ромашкина Анна Павловна: Директор", value_name = "PERSON")]
    people: Vec<NamedPerson>,
    /// File with the password of all keys; else it is taken from POTOK_KEY_PASSWORD, and without both there is none
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// Kinds of keys by the names of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Algorithm {
    /// GOST R 34.10-2012 with 256 bits
    Gost256,
    /// GOST R 34.10-2012 with 512 bits
    Gost512,
    /// RSA with 2048 bits
    Rsa,
    /// ECDSA on P-256
    P256,
    /// ECDSA on P-384
    P384,
}

impl Algorithm {
    const fn kind(self) -> KeyKind {
        match self {
            Self::Gost256 => KeyKind::Gost(ParameterSet::CryptoProA),
            Self::Gost512 => KeyKind::Gost(ParameterSet::Tc26A512),
            Self::Rsa => KeyKind::Rsa2048,
            Self::P256 => KeyKind::P256,
            Self::P384 => KeyKind::P384,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Gost256 => "gost256",
            Self::Gost512 => "gost512",
            Self::Rsa => "rsa",
            Self::P256 => "p256",
            Self::P384 => "p384",
        }
    }
}

/// A person and a position.
#[derive(Clone, Debug)]
struct NamedPerson {
    surname: String,
    given_name: String,
    position: String,
}

impl std::str::FromStr for NamedPerson {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, position) = text.split_once(':').unwrap_or((text, ""));
        let (surname, given_name) = name
            .trim()
            .split_once(' ')
            .ok_or_else(|| format!("{text:?} should be a surname and a given name, and maybe a position: \"Иванов Иван: Директор\""))?;
        Ok(Self {
            surname: surname.to_owned(),
            given_name: given_name.trim().to_owned(),
            position: position.trim().to_owned(),
        })
    }
}

/// Makes the folders.
pub(super) fn run(command: PkiCommand, environment: &Environment) -> Result<Said, Box<dyn Error>> {
    let PkiCommand::New(given) = command;
    let default = test_operator();
    let operator = organization(
        given.operator_name.unwrap_or(default.name),
        given.operator_inn.unwrap_or(default.inn),
        String::new(),
        String::new(),
    );
    let operator = Members { organization: operator, people: Vec::new() };
    let people = given.people.iter().map(|person| (named(person), person.position.clone())).collect();
    let members =
        Members { organization: organization(given.organization, given.inn, given.ogrn, given.city), people };
    let password = crate::sign::password(given.password_file);
    let password = password.as_ref().map(PasswordSource::read).transpose()?;
    let now = UnixTime(environment.clock.now().unix_seconds());
    let mut text = String::new();
    let mut made = Vec::new();
    std::fs::create_dir_all(&given.folder)?;
    for algorithm in given.algorithms {
        let layout = Layout::new(given.folder.join(algorithm.name()));
        let kind = algorithm.kind();
        let pki =
            test_pki::make(kind, &operator, std::slice::from_ref(&members), now, &*environment.entropy)?;
        let people: Vec<&Identity> = pki.people.iter().flatten().collect();
        let password = password.as_ref().map(|password| password.as_str());
        layout.write(&pki, &people, password, &mut test_pki::random(&*environment.entropy))?;
        let keys: Vec<PathBuf> = (1..=people.len()).map(|number| layout.person(number).key).collect();
        text += &told(algorithm, &layout, &keys, &given.people);
        made.push(noted(algorithm, &layout, &keys));
    }
    Ok(Said::new(text.trim_end(), Value::Array(made)))
}

fn organization(name: String, inn: String, ogrn: String, city: String) -> Organization {
    Organization { name, inn, ogrn, city }
}

fn named(person: &NamedPerson) -> Person {
    Person {
        surname: person.surname.clone(),
        given_name: person.given_name.clone(),
        inn: String::new(),
        snils: String::new(),
        email: None,
    }
}

fn told(algorithm: Algorithm, layout: &Layout, keys: &[PathBuf], people: &[NamedPerson]) -> String {
    let mut text = format!("{}\n", algorithm.name());
    for (what, path) in [
        ("to be trusted", layout.trust()),
        ("revocation lists", layout.revocation()),
        ("operator", layout.operator()),
        ("time stamps", layout.time_stamping()),
    ] {
        text += &format!("  {what}: {}\n", path.display());
    }
    for (path, person) in keys.iter().zip(people) {
        text += &format!("  {} {}: {}\n", person.surname, person.given_name, path.display());
    }
    text
}

fn noted(algorithm: Algorithm, layout: &Layout, keys: &[PathBuf]) -> Value {
    json!({
        "algorithm": algorithm.name(),
        "trust": layout.trust(),
        "revocation": layout.revocation(),
        "root": layout.root(),
        "authority": layout.authority(),
        "operator": layout.operator(),
        "time_stamping": layout.time_stamping(),
        "people": keys,
    })
}
