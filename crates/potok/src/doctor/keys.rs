//! Keys, and certificates that end.

use std::path::Path;

use potok_cms::{Certificate, UnixTime};
use potok_operator::OperatorOptions;
use potok_operator::trust::{self, TrustOptions};
use potok_types::{Ticks, with_causes};

use super::Findings;

/// A certificate that ends within so many seconds is told of.
const SOON: i64 = 30 * 24 * 3600;

pub(super) fn look(operator: &OperatorOptions, options: &TrustOptions, now: Ticks, findings: &mut Findings) {
    let now = UnixTime(now.unix_seconds());
    match &operator.key {
        Some(key) => match key.open(now) {
            Ok(signer) => ends(&signer.certificate, "the operator's", now, findings),
            Err(error) => findings.bad(
                format_args!("the operator's key cannot be used ({})", with_causes(&error)),
                "mend what is said there, or give another one with --operator-key",
            ),
        },
        None if options.certificates.is_some() => findings.doubtful(
            "the operator signs by a test key, though real certificates are trusted",
            "give it its own key with --operator-key",
        ),
        None => findings.good("the operator signs by a test key"),
    }
    let certificates = options.certificates.as_slice();
    if certificates.is_empty() {
        return findings.doubtful(
            "no certificate is trusted, so nothing signed is delivered but between test organizations",
            "name a folder of roots with --trust",
        );
    }
    trusted(certificates, options, now, findings);
}

fn trusted(
    certificates: &[std::path::PathBuf],
    options: &TrustOptions,
    now: UnixTime,
    findings: &mut Findings,
) {
    let (trust, left_out) = match trust::read(certificates, options.revocation_lists.as_slice()) {
        Ok(read) => read,
        Err(error) => {
            return findings.bad(with_causes(&error), "mend the file or take it away");
        }
    };
    for error in left_out {
        findings.doubtful(with_causes(&error), "mend the file or take it away; the others count");
    }
    let shown = certificates.first().map_or(Path::new(""), std::path::PathBuf::as_path).display().to_string();
    match trust.anchors.len() {
        0 => findings
            .bad(format_args!("there is no root in {shown}"), "put one there: nothing else is trusted"),
        roots => findings.good(format_args!("{roots} roots are trusted in {shown}")),
    }
    for certificate in trust.anchors.iter().chain(&trust.intermediates) {
        ends(certificate, "a trusted", now, findings);
    }
    for gap in trust::gaps(&trust, now) {
        findings.doubtful(gap, "put a current list into the folder of revocation lists");
    }
}

fn ends(certificate: &Certificate, whose: &str, now: UnixTime, findings: &mut Findings) {
    let (from, to) = (certificate.not_before(), certificate.not_after());
    let name = certificate.subject().common_name().unwrap_or_default().to_owned();
    let named = format!("{whose} certificate {} ({name})", certificate.serial_hex());
    if now > to {
        findings.bad(format_args!("{named} is out of date since {to}"), "put a new one in its place");
    } else if now < from {
        findings.bad(format_args!("{named} is not valid before {from}"), "look at the clock, or wait");
    } else if to.0 - now.0 < SOON {
        findings.doubtful(format_args!("{named} ends on {to}"), "get the next one now");
    } else {
        findings.good(format_args!("{named} is valid until {to}"));
    }
}
