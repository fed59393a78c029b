use super::*;

const FRAME: Frame<'static> = Frame { language: Language::English, mark: "mark" };

fn sign_in(frame: Frame<'static>) -> SignIn<'static> {
    SignIn {
        frame,
        program: Some("<b>Shop</b>"),
        return_to: "/connect/authorize?a=\"b\"&c=d",
        login: "anna\"><script>",
        problem: Some(Problem::WrongPassword),
        provider: Some("Company"),
        provider_path: "/signin/provider",
    }
}

#[test]
fn what_callers_send_is_text_and_nothing_else() {
    let html = sign_in(FRAME).html();
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    assert!(html.contains("anna&#34;&#62;&#60;script&#62;"), "{html}");
    assert!(html.contains("value=\"/connect/authorize?a=&#34;b&#34;&#38;c=d\""), "{html}");
}

#[test]
fn pages_need_nothing_that_the_policy_forbids() {
    let kept = vec![("state", "x")];
    let pages = [
        sign_in(FRAME).html(),
        Consent {
            frame: FRAME,
            program: "p",
            leads_to: "l",
            user: "u",
            scopes: vec!["openid"],
            action: "/a",
        }
        .html(),
        Device { frame: FRAME, code: "", problem: None }.html(),
        DeviceConsent { frame: FRAME, program: "p", user: "u", code: "c", scopes: vec!["email"] }.html(),
        Account { frame: FRAME, user: "u", kept, is_asked: true }.html(),
        Notice { language: Language::English, title: "t", text: "x", detail: Some("d") }.html(),
        FormPost { language: Language::English, action: "https://a/", fields: vec![("code", "c")] }.html(),
    ];
    for page in &pages {
        for forbidden in ["<script", "style=", "<style", " onclick", " onload", "http:", "src="] {
            assert!(!page.contains(forbidden), "{forbidden}: {page}");
        }
        assert!(page.contains("<html lang=\"en\">") && page.matches("<h1>").count() == 1, "{page}");
        // Every field that is typed into has a name that is read aloud.
        let typed = page.matches("type=\"text\"").count() + page.matches("type=\"password\"").count();
        assert_eq!(page.matches("<label for=").count(), typed, "{page}");
    }
}

#[test]
fn every_page_speaks_both_languages() {
    let russian = sign_in(Frame { language: Language::Russian, ..FRAME }).html();
    assert!(russian.contains("<html lang=\"ru\">") && russian.contains("Пароль"), "{russian}");
    for problem in [
        Problem::WrongPassword,
        Problem::TooManyAttempts(7),
        Problem::Blocked,
        Problem::WrongCode,
        Problem::OldForm,
        Problem::Provider,
    ] {
        let [ru, en] = [Language::Russian, Language::English].map(|it| it.texts().problem(&problem));
        assert!(ru.chars().any(|c| ('а'..='я').contains(&c)), "{ru}");
        assert!(en.is_ascii(), "{en}");
    }
}

#[test]
fn the_language_is_the_one_that_is_wanted_most() {
    for (ui_locales, accept, expected) in [
        (None, None, Language::Russian),
        (None, Some("de, fr"), Language::Russian),
        (None, Some("en-GB,en;q=0.9,ru;q=0.8"), Language::English),
        (None, Some("de, ru-RU;q=0.5, en;q=0.7"), Language::English),
        (None, Some("en;q=0, ru;q=0.1"), Language::Russian),
        (None, Some("ru, en"), Language::Russian),
        (Some("fr en-US"), Some("ru"), Language::English),
        (Some("fr"), Some("en"), Language::English),
    ] {
        assert_eq!(Language::of(ui_locales, accept), expected, "{ui_locales:?} {accept:?}");
    }
}
