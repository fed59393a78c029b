//! `/signin`: login and password.

use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};
use potok_app::{LoginError, display_name};
use potok_pages::{Account, Problem, SignIn};

use super::visit::{Visit, redirect};
use crate::ApiError;
use crate::answer::Answer;

pub(super) const PURPOSE: &str = "sign in";
/// Where to go on when nothing else is asked for.
const HOME: &str = "/signin";

/// The sign-in, or who is signed in.
pub(super) async fn page(visit: Visit) -> Result<Answer, ApiError> {
    match visit.signed_in().await? {
        None => Ok(sign_in_page(&visit, HOME, "", None, None)),
        Some(who) => {
            let mark = visit.mark(visit.session().as_deref(), super::end_session::PURPOSE);
            let user = display_name(&who.user);
            let page = Account { frame: visit.frame(&mark), user: &user, kept: Vec::new(), is_asked: false };
            Ok(visit.page(&page, None))
        }
    }
}

/// The form. `program` is what asks for the sign-in, with the address where its answer goes.
pub(super) fn sign_in_page(
    visit: &Visit,
    return_to: &str,
    login: &str,
    problem: Option<Problem>,
    program: Option<(&str, &str)>,
) -> Answer {
    // The session does not count: somebody else may sign in.
    let mark = visit.mark(None, PURPOSE);
    let page = SignIn {
        frame: visit.frame(&mark),
        program: program.map(|(name, _)| name),
        return_to,
        login,
        problem,
        provider: visit.login().provider().map(|provider| provider.name()),
        provider_path: "/signin/provider",
    };
    visit.page(&page, program.map(|(_, leads_to)| leads_to).or(address_in(return_to).as_deref()))
}

/// Where the answer goes of the request that is returned to.
fn address_in(return_to: &str) -> Option<String> {
    let (_, query) = return_to.split_once('?')?;
    crate::form::Form::parse(query).ok()?.text("redirect_uri")
}

/// What somebody typed.
pub(super) async fn sent(visit: Visit) -> Result<Answer, ApiError> {
    let form = visit.form.clone().unwrap_or_default();
    let return_to = own_or_home(form.get("return"));
    let login = form.get("login").unwrap_or_default();
    if !visit.is_marked(None, PURPOSE) {
        let page = sign_in_page(&visit, return_to, login, Some(Problem::OldForm), None);
        return Ok(page.with_status(StatusCode::BAD_REQUEST));
    }
    let password = form.get("password").unwrap_or_default();
    let session = match visit.login().sign_in(login, password, visit.address()).await {
        Ok(session) => session,
        Err(error) => return again(&visit, return_to, login, error),
    };
    // Whoever was signed in before is not any more.
    if let Some(before) = visit.signed_in().await? {
        visit.login().sign_out(&before).await?;
    }
    let answer = redirect(StatusCode::SEE_OTHER, &signed_in_to(return_to));
    Ok(visit.with_session(answer, &session))
}

fn again(visit: &Visit, return_to: &str, login: &str, error: LoginError) -> Result<Answer, ApiError> {
    let (problem, status) = match &error {
        LoginError::WrongPassword => (Problem::WrongPassword, StatusCode::UNAUTHORIZED),
        LoginError::UserBlocked => (Problem::Blocked, StatusCode::FORBIDDEN),
        LoginError::TooManyAttempts(wait) => {
            (Problem::TooManyAttempts(wait.seconds), StatusCode::TOO_MANY_REQUESTS)
        }
        _ => return Err(error.into()),
    };
    let page = sign_in_page(visit, return_to, login, Some(problem), None).with_status(status);
    Ok(match problem {
        Problem::TooManyAttempts(seconds) => page.with(RETRY_AFTER, HeaderValue::from(seconds)),
        _ => page,
    })
}

/// The place where somebody wanted to go on, if it is one of this server.
pub(super) fn own_or_home(path: Option<&str>) -> &str {
    path.filter(|path| is_own(path)).unwrap_or(HOME)
}

/// Whether a browser may be sent there after the sign-in: nowhere but to the pages of this server.
fn is_own(path: &str) -> bool {
    let place = path.split('?').next().unwrap_or_default();
    ["/connect/authorize", "/device", HOME].contains(&place)
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The same without the wish that somebody signs in anew: that has happened.
pub(super) fn signed_in_to(return_to: &str) -> String {
    let Some((place, query)) = return_to.split_once('?') else { return return_to.to_owned() };
    let mut rest = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if name != "prompt" {
            rest.append_pair(&name, &value);
            continue;
        }
        let words = value.split_ascii_whitespace().filter(|word| !["login", "select_account"].contains(word));
        let words = words.collect::<Vec<&str>>().join(" ");
        if !words.is_empty() {
            rest.append_pair("prompt", &words);
        }
    }
    format!("{place}?{}", rest.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for own in ["/signin", "/device", "/device?user-code=X", "/connect/authorize?a=b"] {
            assert!(is_own(own), "{own}");
        }
        for foreign in [
            "",
            "//evil.example",
            "https://evil.example/signin",
            "/connect/authorize/../../evil",
            "/signin/provider",
            "/\\evil.example",
            "/connect/authorize?a=\r\nSet-Cookie: x",
            "/V3/GetMessage?x=/signin",
        ] {
            assert!(!is_own(foreign), "{foreign}");
        }
    }

    #[test]
    fn the_wish_for_a_new_sign_in_is_fulfilled_once() {
        for (before, after) in [
            ("/signin", "/signin"),
            ("/connect/authorize?prompt=login&state=a%26b", "/connect/authorize?state=a%26b"),
            ("/connect/authorize?prompt=login+consent", "/connect/authorize?prompt=consent"),
            ("/connect/authorize?prompt=none", "/connect/authorize?prompt=none"),
        ] {
            assert_eq!(signed_in_to(before), after);
        }
    }
}
