//! The key ring.

use potok_types::Ticks;

use super::world::{Open, START, World};
use crate::{ApiClient, Token, TokenHash, TokenKind};

/// Every field of a client comes back, also after it was replaced.
pub async fn api_clients_come_back_as_they_were_put(open: impl Open) {
    let world = World::new(open).await;
    let mut it = ApiClient {
        id: "Potok-b".to_owned(),
        name: "учёт".to_owned(),
        secret_hash: None,
        is_blocked: false,
        service_user: None,
    };
    let first = ApiClient { id: "Potok-a".to_owned(), ..it.clone() };
    world.store.put_api_client(&first).await.expect("writable");
    for _ in 0..2 {
        world.store.put_api_client(&it).await.expect("writable");
        assert_eq!(world.store.api_client("Potok-b").await.expect("readable").as_ref(), Some(&it));
        assert_eq!(world.store.api_clients().await.expect("readable"), [first.clone(), it.clone()]);
        it.secret_hash = Some(TokenHash([7; 32]));
        it.is_blocked = true;
        it.service_user = Some(world.user());
        it.name = "робот".to_owned();
    }
    assert_eq!(world.store.api_client("potok").await.expect("readable"), None);
}

/// A token is found, expired or not, until it is forgotten; extending one leaves the others alone.
pub async fn tokens_live_and_are_forgotten(open: impl Open) {
    let world = World::new(open).await;
    let token = |number: u8, kind, seconds| Token {
        hash: TokenHash([number; 32]),
        kind,
        client_id: format!("client-{number}"),
        user: world.user(),
        scope: if number == 1 { String::new() } else { "Diadoc.PublicAPI offline_access".to_owned() },
        certificate: None,
        expires_at: Ticks::new(START).plus_seconds(seconds),
    };
    let mut tokens =
        [token(1, TokenKind::Access, 10), token(2, TokenKind::Refresh, 10), token(3, TokenKind::Access, 20)];
    for token in &tokens {
        world.store.put_token(token).await.expect("writable");
    }
    tokens[1].expires_at = Ticks::new(START).plus_seconds(30);
    world.store.extend_token(tokens[1].hash, tokens[1].expires_at).await.expect("writable");
    world.store.extend_token(TokenHash([9; 32]), tokens[1].expires_at).await.expect("nobody to extend");
    for token in &tokens {
        assert_eq!(world.store.token(token.hash).await.expect("readable").as_ref(), Some(token));
    }
    assert_eq!(world.store.token(TokenHash([9; 32])).await.expect("readable"), None);
    for (seconds, forgotten, left) in [(10, 0, 3), (11, 1, 2), (11, 0, 2), (25, 1, 1), (31, 1, 0)] {
        let now = Ticks::new(START).plus_seconds(seconds);
        assert_eq!(world.store.forget_expired_tokens(now).await.expect("writable"), forgotten, "{seconds}");
        let mut found = 0;
        for token in &tokens {
            found += usize::from(world.store.token(token.hash).await.expect("readable").is_some());
        }
        assert_eq!(found, left, "{seconds}");
    }
}
