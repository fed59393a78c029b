//! `/device`: somebody signs in for a device that has no browser.

use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};
use potok_app::{LoginError, SignedIn, Waiting, display_name};
use potok_pages::{Device, DeviceConsent, Problem};

use super::sign_in::sign_in_page;
use super::visit::Visit;
use crate::ApiError;
use crate::answer::Answer;

const PURPOSE: &str = "device";

/// The field for the code, when somebody is signed in. A code in the address is filled in, and nothing more: whoever made the
/// address may not be who has the device.
pub(crate) async fn device(visit: Visit) -> Result<Answer, ApiError> {
    match visit.signed_in().await? {
        None => Ok(sign_in_page(&visit, visit.here(), "", None, None)),
        Some(_) => {
            let query = visit.query.clone().unwrap_or_default();
            let code = query.get("user-code").or(query.get("user_code")).unwrap_or_default();
            Ok(code_page(&visit, code, None))
        }
    }
}

fn code_page(visit: &Visit, code: &str, problem: Option<Problem>) -> Answer {
    let mark = visit.mark(visit.session().as_deref(), PURPOSE);
    visit.page(&Device { frame: visit.frame(&mark), code, problem }, None)
}

/// A code, or a decision about the device that shows it.
pub(super) async fn sent(visit: Visit) -> Result<Answer, ApiError> {
    let form = visit.form.clone().unwrap_or_default();
    let code = form.get("user_code").unwrap_or_default();
    let Some(who) = visit.signed_in().await? else {
        return Ok(sign_in_page(&visit, "/device", "", None, None));
    };
    if !visit.is_marked(visit.session().as_deref(), PURPOSE) {
        return Ok(code_page(&visit, code, Some(Problem::OldForm)).with_status(StatusCode::BAD_REQUEST));
    }
    let waiting = match visit.login().waiting_device(&who, code, visit.address()).await {
        Ok(waiting) => waiting,
        Err(LoginError::TooManyAttempts(wait)) => {
            let page = code_page(&visit, code, Some(Problem::TooManyAttempts(wait.seconds)));
            let page = page.with(RETRY_AFTER, HeaderValue::from(wait.seconds));
            return Ok(page.with_status(StatusCode::TOO_MANY_REQUESTS));
        }
        Err(error) => return Err(error.into()),
    };
    let Some(waiting) = waiting else {
        return Ok(code_page(&visit, code, Some(Problem::WrongCode)).with_status(StatusCode::BAD_REQUEST));
    };
    match form.get("decision") {
        None => Ok(consent(&visit, &who, &waiting)),
        Some(decision) => decided(&visit, &who, &waiting, decision == "allow").await,
    }
}

fn consent(visit: &Visit, who: &SignedIn, waiting: &Waiting) -> Answer {
    let mark = visit.mark(visit.session().as_deref(), PURPOSE);
    let page = DeviceConsent {
        frame: visit.frame(&mark),
        program: &waiting.client.name,
        user: &display_name(&who.user),
        code: &waiting.user_code,
        scopes: waiting.scope.iter().collect(),
    };
    visit.page(&page, None)
}

async fn decided(
    visit: &Visit,
    who: &SignedIn,
    waiting: &Waiting,
    is_allowed: bool,
) -> Result<Answer, ApiError> {
    if !visit.login().answer_device(who, waiting, is_allowed).await? {
        let problem = Some(Problem::WrongCode);
        return Ok(code_page(visit, &waiting.user_code, problem).with_status(StatusCode::BAD_REQUEST));
    }
    let texts = visit.language().texts();
    let title = if is_allowed { texts.device_allowed } else { texts.device_denied };
    Ok(visit.notice(title, texts.device_done_text, None))
}
