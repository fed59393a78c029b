//! `SignatureInfo`: who signed.

use std::collections::HashMap;

use bytes::Bytes;
use potok_domain::{EntityState, SignatureDescription};
use potok_types::ContentHash;
use potok_wire::proto;

use crate::docflow::timestamp;
use crate::verification::verification_result;

/// A signature as it says about itself, with what its check found; `certificates` are those of its chain.
pub fn signature_info(
    signature: &EntityState,
    description: SignatureDescription,
    certificates: &HashMap<ContentHash, Bytes>,
) -> proto::SignatureInfo {
    let verification = signature.verification.as_deref();
    proto::SignatureInfo {
        // One that names no time was made before it came.
        signing_time: timestamp(description.signing_time.unwrap_or(signature.entity.created_at)),
        signature_verification_time: verification.map(|found| timestamp(found.at)),
        signature_verification_result: verification_result(signature, |content| {
            certificates.get(&content.hash).cloned()
        }),
        thumbprint: description.thumbprint,
        serial_number: description.serial_number,
        issuer: description.issuer,
        start_date: Some(description.not_before),
        end_date: Some(description.not_after),
        org_name: description.organization,
        org_inn: description.inn,
        job_title: description.position,
        first_name: description.first_name,
        surname: description.surname,
        snils: description.snils,
        email: description.email,
        certificate_subject_type: Some(description.subject as i32),
    }
}
