//! What proves to a receiver who sent a message, and when.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use potok_domain::webhook::WebhookSecret;
use sha2::Sha256;

/// The value of `webhook-signature`: a signature by each of the secrets, with one blank between them. Receivers refuse one that is
/// older than five minutes, so each attempt has its own.
pub fn signature(secrets: &[WebhookSecret], id: &str, unix_seconds: i64, body: &[u8]) -> String {
    let head = format!("{id}.{unix_seconds}.");
    let signed = secrets.iter().map(|secret| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).expect("a key may have any length");
        mac.update(head.as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    });
    signed.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the reference libraries.
    #[test]
    fn the_signature_is_that_of_the_specification() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secret = WebhookSecret(secret.try_into().unwrap());
        assert_eq!(secret.text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let sign = |secrets: &[WebhookSecret], seconds| {
            signature(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds, br#"{"test": 2432232314}"#)
        };
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(sign(&[secret], 1_614_265_330), expected);
        let other = WebhookSecret([1; 24]);
        let both = sign(&[other, secret], 1_614_265_330);
        assert!(both.starts_with("v1,") && both.ends_with(&format!(" {expected}")), "{both}");
        assert_eq!(both.matches(' ').count(), 1);
        assert_ne!(sign(&[secret], 1_614_265_331), expected);
    }
}
