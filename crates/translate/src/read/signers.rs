//! `ExtendedSignerDetails`: what an organization says of a signer.

use potok_domain::directory::SignerDetails;
use potok_types::Invalid;
use potok_wire::proto::invoicing::signers::{
    DocumentTitleType, ExtendedSignerDetailsToPost, SignerPowers, SignerStatus, SignerType,
};

/// The number of the kind of title, which may also be given by its name.
///
/// # Errors
/// [`Invalid`] for no kind of title.
pub fn title(text: &str) -> Result<i32, Invalid> {
    let by_number =
        text.trim().parse::<i32>().ok().and_then(|number| DocumentTitleType::try_from(number).ok());
    let found = by_number.or_else(|| DocumentTitleType::from_str_name(text.trim()));
    match found.filter(|found| *found != DocumentTitleType::Absent) {
        Some(found) => Ok(found as i32),
        None => {
            let last = DocumentTitleType::LogisticsOrderRequestRecipient108;
            let reason = format!(
                "{text:?} is no kind of title: a number from 0 to {} or its name is expected",
                last as i32
            );
            Err(Invalid::new("documentTitleType", reason))
        }
    }
}

/// The kind of title that the flags of the first version mean.
pub const fn title_v1(is_buyers: bool, is_correction: bool) -> i32 {
    let title = match (is_buyers, is_correction) {
        (false, false) => DocumentTitleType::UtdSeller,
        (true, false) => DocumentTitleType::UtdBuyer,
        (false, true) => DocumentTitleType::UcdSeller,
        (true, true) => DocumentTitleType::UcdBuyer,
    };
    title as i32
}

/// What is said. Numbers that mean nothing specified are left out.
///
/// # Errors
/// [`Invalid`] for a number without a meaning.
pub fn details(body: ExtendedSignerDetailsToPost) -> Result<SignerDetails, Invalid> {
    let known = |field: &str, number: Option<i32>, is_known: fn(i32) -> bool| match number {
        None | Some(-1) => Ok(None),
        Some(number) if is_known(number) => Ok(Some(number)),
        Some(number) => {
            let reason = format!("{number} means nothing here: use a number of the API, or -1");
            Err(Invalid::new(format!("ExtendedSignerDetailsToPost.{field}"), reason))
        }
    };
    let filled = |text: Option<String>| text.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    Ok(SignerDetails {
        signer_type: known("SignerType", body.signer_type, |it| SignerType::try_from(it).is_ok())?,
        powers: known("SignerPowers", body.signer_powers, |it| SignerPowers::try_from(it).is_ok())?,
        status: known("SignerStatus", body.signer_status, |it| SignerStatus::try_from(it).is_ok())?,
        job_title: filled(body.job_title),
        registration_certificate: filled(body.registration_certificate),
        signer_info: filled(body.signer_info),
        powers_base: filled(body.signer_powers_base),
        org_powers_base: filled(body.signer_org_powers_base),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_titles_have_numbers_and_names() {
        for (text, number) in [("0", 0), ("26", 26), ("UtdSeller", 0), (" UcdBuyer ", 3), ("Utd970Buyer", 13)]
        {
            assert_eq!(title(text).unwrap(), number);
        }
        for wrong in ["-1", "27", "Absent", "", "utdseller"] {
            let refused = title(wrong).unwrap_err().to_string();
            assert!(refused.contains("a number from 0 to 26 or its name"), "{refused}");
        }
        let flags = [(false, false), (true, false), (false, true), (true, true)];
        assert_eq!(flags.map(|(buyer, correction)| title_v1(buyer, correction)), [0, 1, 2, 3]);
    }

    #[test]
    fn what_is_not_specified_is_left_out() {
        let nothing = ExtendedSignerDetailsToPost {
            signer_type: Some(-1),
            job_title: Some(" ".to_owned()),
            ..ExtendedSignerDetailsToPost::default()
        };
        assert_eq!(details(nothing).unwrap(), SignerDetails::default());
        let wrong =
            ExtendedSignerDetailsToPost { signer_powers: Some(99), ..ExtendedSignerDetailsToPost::default() };
        let refused = details(wrong).unwrap_err().to_string();
        assert!(
            refused.starts_with("ExtendedSignerDetailsToPost.SignerPowers: 99 means nothing"),
            "{refused}"
        );
    }
}
