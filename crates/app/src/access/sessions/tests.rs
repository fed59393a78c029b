//! What is remembered is what the store says, after every kind of change, by whomever.

use std::path::Path;

use potok_domain::directory::{
    DirectoryChange, DirectoryEvent, DirectoryEventKind, Permissions, Restrictions, Routing, Unsubscribed,
};
use potok_store::{
    ApiClients as _, Append, CertificateThumbprint, Journal as _, Moments as _, Passwords as _, Rotation,
    StreamAppend, StreamId, TokenKind, Tokens as _, TokensOf, UserCertificate, UserCertificates as _,
};
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use potok_types::{DepartmentId, Entropy as _, EventId, ManualClock, OrgId, SeededEntropy, Ticks, UserId};

use super::*;

const NOW: Ticks = Ticks::new(639_000_000_000_000_000);
const FEW: usize = 3;

fn open(path: &Path) -> Arc<SqliteStore> {
    let clock = Arc::new(ManualClock::new(NOW));
    Arc::new(potok_store_sqlite::open(path, clock, SqliteOptions::default()).unwrap())
}

fn id(kind: u128, nth: usize) -> uuid::Uuid {
    uuid::Uuid::from_u128((kind << 64) | (nth as u128 + 1))
}

fn hash(nth: usize) -> TokenHash {
    TokenHash([nth as u8; 32])
}

struct Random(SeededEntropy);

impl Random {
    fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % bound as u64) as usize
    }

    fn flag(&self) -> bool {
        self.below(2) == 0
    }

    fn user(&self) -> User {
        let nth = self.below(FEW);
        User {
            id: UserId::from_uuid(id(1, nth)),
            login: format!("user-{nth}"),
            last_name: format!("Иванов {}", self.below(5)),
            first_name: "Пётр".to_owned(),
            middle_name: None,
            is_service: false,
            is_blocked: self.flag(),
            is_registered: true,
        }
    }

    fn department(&self) -> Department {
        Department {
            id: DepartmentId::from_uuid(id(4, self.below(FEW))),
            parent: DepartmentId::ZERO,
            name: format!("Отдел {}", self.below(5)),
            abbreviation: String::new(),
            kpp: None,
            address: None,
            routing: Routing::default(),
            created_at: NOW,
        }
    }

    fn organization(&self) -> Organization {
        let nth = self.below(FEW);
        Organization {
            org_id: OrgId::from_uuid(id(2, nth)),
            box_id: BoxId::from_uuid(id(3, nth)),
            inn: format!("961111111{nth}"),
            kpp: None,
            full_name: format!("ООО {}", self.below(5)),
            short_name: "ООО".to_owned(),
            ogrn: None,
            ifns_code: None,
            address: None,
            foreign_code: None,
            fns_participant_id: format!("2BM-{nth}"),
            counteragents_only: self.flag(),
            is_test: self.flag(),
            encrypts: self.flag(),
            restrictions: Restrictions { is_blocked: self.flag(), ..Restrictions::default() },
            is_suspended: self.flag(),
            is_roaming: false,
            departments: Vec::new(),
        }
    }

    fn box_id(&self) -> BoxId {
        BoxId::from_uuid(id(3, self.below(FEW)))
    }

    fn employee(&self) -> Employee {
        Employee {
            user_id: UserId::from_uuid(id(1, self.below(FEW))),
            box_id: self.box_id(),
            position: format!("Сотрудник {}", self.below(5)),
            permissions: Permissions {
                is_blocked: self.flag(),
                is_administrator: self.flag(),
                selected_departments: vec![self.department().id],
                ..Permissions::full()
            },
            can_be_invited_for_chat: false,
            unsubscribed: Unsubscribed::default(),
            created_at: NOW,
        }
    }

    fn client(&self) -> ApiClient {
        ApiClient {
            id: format!("client-{}", self.below(FEW)),
            name: format!("Программа {}", self.below(5)),
            secret_hash: None,
            is_blocked: self.flag(),
            service_user: None,
            is_partner: self.flag(),
        }
    }

    fn token(&self, nth: usize) -> Token {
        let is_access = nth.is_multiple_of(2);
        Token {
            hash: hash(nth),
            kind: if is_access { TokenKind::Access } else { TokenKind::Refresh },
            client_id: format!("client-{}", self.below(FEW)),
            user: UserId::from_uuid(id(1, self.below(FEW))),
            scope: format!("scope {}", self.below(5)),
            certificate: self.flag().then_some(CertificateThumbprint([7; 20])),
            issued_at: NOW,
            expires_at: NOW.plus_seconds(self.below(10) as i64),
            family: (!is_access).then(|| hash(1)),
            parent: None,
            spent_at: None,
        }
    }

    /// A change of the directory of a box.
    async fn write(&self, store: &SqliteStore, box_id: BoxId, change: DirectoryChange) {
        let revision = store.revision(box_id, StreamId::directory(box_id)).await.unwrap();
        let event = DirectoryEvent {
            id: EventId::from_uuid(self.0.uuid()),
            at: NOW,
            author: None,
            kind: DirectoryEventKind::OrganizationChanged,
            change,
        };
        let stream = StreamAppend::of_directory(box_id, revision, &[event]);
        store.append(Append::new(box_id, vec![stream])).await.unwrap();
    }

    /// One change of anything.
    async fn change(&self, store: &SqliteStore) -> String {
        let kind = self.below(18);
        match kind {
            0 | 1 => store.put_token(&self.token(self.below(2 * FEW))).await.unwrap(),
            2 => {
                let organization = self.organization();
                let box_id = organization.box_id;
                self.write(store, box_id, DirectoryChange::Organization(Box::new(organization))).await;
            }
            3 => {
                self.write(store, self.box_id(), DirectoryChange::NoDepartment(self.department().id)).await;
            }
            4 => {
                let department = DirectoryChange::Department(Box::new(self.department()));
                self.write(store, self.box_id(), department).await;
            }
            5 => self.write(store, self.box_id(), DirectoryChange::User(self.user())).await,
            6 => self.write(store, self.box_id(), DirectoryChange::NoEmployee(self.user().id)).await,
            7 | 8 => {
                let employee = self.employee();
                let box_id = employee.box_id;
                self.write(store, box_id, DirectoryChange::Employee(Box::new(employee))).await;
            }
            9 => store.put_api_client(&self.client()).await.unwrap(),
            10 => drop(store.set_client_blocked(&self.client().id, self.flag()).await.unwrap()),
            11 => drop(store.set_client_secret(&self.client().id, hash(9)).await.unwrap()),
            12 => drop(store.set_password(self.user().id, Some("hash")).await.unwrap()),
            13 => drop(store.revoke_tokens(&TokensOf::One(hash(self.below(2 * FEW)))).await.unwrap()),
            14 => drop(store.revoke_tokens(&TokensOf::User(self.user().id)).await.unwrap()),
            15 => drop(store.forget_expired_tokens(NOW.plus_seconds(self.below(4) as i64)).await.unwrap()),
            16 => {
                let certificate = UserCertificate {
                    thumbprint: CertificateThumbprint([7; 20]),
                    der: vec![1],
                    user: self.user().id,
                    added_at: NOW,
                };
                let _ = store.add_user_certificate(&certificate).await.unwrap();
                let (user, thumbprint) = (certificate.user, certificate.thumbprint);
                let _ = store.remove_user_certificate(user, thumbprint).await.unwrap();
            }
            _ => {
                let rotation = Rotation {
                    used: hash(1),
                    used_expires_at: NOW.plus_seconds(5),
                    next: self.flag().then(|| self.token(3)),
                    access: self.token(2),
                    now: NOW,
                    successors: 1,
                };
                let _ = store.rotate_token(&rotation).await.unwrap();
            }
        }
        format!("{kind}")
    }
}

/// Everything that is known, by value.
type Told = (Token, Option<ApiClient>, Option<User>, Option<(Organization, Employee)>);

fn told(known: &Known) -> Told {
    let seat = known.seat.as_ref().map(|seat| {
        assert_eq!(seat.scope, access::scope_of(&seat.employee, &seat.organization));
        (Organization::clone(&seat.organization), Employee::clone(&seat.employee))
    });
    (known.token.clone(), known.client.as_deref().cloned(), known.user.as_deref().cloned(), seat)
}

/// One store serves and remembers; the changes are made by it and by another one on the same database, as another process
/// would make them.
#[tokio::test]
async fn what_is_remembered_is_what_the_store_says_after_every_change() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("potok.db");
    let stores = [open(&path), open(&path)];
    let serving = &stores[0];
    let sessions = Sessions::new(Arc::<SqliteStore>::clone(serving));
    let random = Random(SeededEntropy::new(17));
    let mut found = 0;
    for step in 0..400 {
        let what = random.change(&stores[random.below(2)]).await;
        for token in 0..2 * FEW {
            for place in [None, Some(BoxId::from_uuid(id(3, step % FEW)))] {
                let expected = serving.session(hash(token), place).await.unwrap();
                let expected = expected.map(|session| told(&Known::from(session)));
                let remembered = sessions.find(hash(token), place, serving.moment()).await.unwrap();
                assert_eq!(remembered.as_deref().map(told), expected, "step {step}, change {what}");
                let readings = serving.readings();
                let again = sessions.find(hash(token), place, serving.moment()).await.unwrap();
                assert_eq!(again.as_deref().map(told), expected, "step {step}, change {what}");
                if expected.is_some_and(|(token, ..)| token.kind == TokenKind::Access) {
                    assert_eq!(serving.readings(), readings, "nothing changed, and nothing is read");
                    found += 1;
                }
            }
        }
    }
    assert!(found > 400, "{found} sessions were there");
}

#[test]
fn many_callers_take_no_more_than_their_memory() {
    let sessions =
        Sessions::new(Arc::new(potok_store_memory::MemoryStore::new(Arc::new(ManualClock::new(NOW)))));
    let random = Random(SeededEntropy::new(3));
    let mut organization = random.organization();
    organization.departments = vec![random.department(); 100];
    let member = Member { organization, employee: random.employee() };
    let session =
        Session { token: random.token(0), client: None, user: Some(random.user()), member: Some(member) };
    for number in 0..2000_u32 {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_le_bytes());
        let known = Arc::new(Known::from(session.clone()));
        sessions.remembered.insert((TokenHash(hash), None), Arc::new(Remembered { version: 1, known }));
        assert!(sessions.remembered.weight() <= BYTES);
    }
    assert!(sessions.remembered.len() > 100);
}
