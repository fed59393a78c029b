//! Pages on which people sign in: data in, HTML out, in Russian and English.
//!
//! They work without JavaScript and without a mouse: forms, labels and buttons of plain HTML, in the order in which they are
//! read. Nothing but the stylesheet is loaded, and nothing from elsewhere.

mod language;
mod texts;

use askama::Template;

pub use language::Language;
pub use texts::{Problem, Texts};

/// The stylesheet of all pages, light and dark.
pub const STYLESHEET: &str = include_str!("../templates/pages.css");
/// Where it is asked for.
pub const STYLESHEET_PATH: &str = "/signin/pages.css";
/// What browsers show beside the name of a page: SVG.
pub const ICON: &str = include_str!("../templates/icon.svg");
/// Where all browsers ask for it, whatever a page says.
pub const ICON_PATH: &str = "/favicon.ico";

/// A page.
pub trait Page: Template {
    /// The HTML.
    fn html(&self) -> String {
        // Writing into a string cannot fail, and the pages compute nothing that could.
        self.render().unwrap_or_default()
    }
}

impl<T: Template> Page for T {}

/// What every page with a form has.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The language.
    pub language: Language,
    /// Shows that the form was made by this server for this browser.
    pub mark: &'a str,
}

impl Frame<'_> {
    const fn t(&self) -> &'static Texts {
        self.language.texts()
    }
}

/// Login and password.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignIn<'a> {
    /// What every page has.
    pub frame: Frame<'a>,
    /// The program that asks; none when the server itself does.
    pub program: Option<&'a str>,
    /// Where to go on, a path of this server.
    pub return_to: &'a str,
    /// What stands in the field.
    pub login: &'a str,
    /// What was wrong the last time.
    pub problem: Option<Problem>,
    /// The name of another provider by which people sign in, if there is one.
    pub provider: Option<&'a str>,
    /// Where that is begun.
    pub provider_path: &'a str,
}

/// Whether a program may do what it asks for.
#[derive(Template)]
#[template(path = "consent.html")]
pub struct Consent<'a> {
    /// What every page has.
    pub frame: Frame<'a>,
    /// The program.
    pub program: &'a str,
    /// Where the browser goes with the answer: shown, so that people see who gets it.
    pub leads_to: &'a str,
    /// Who is signed in.
    pub user: &'a str,
    /// What is asked for.
    pub scopes: Vec<&'static str>,
    /// Where the answer is sent to.
    pub action: &'a str,
}

/// Which device somebody signs in for.
#[derive(Template)]
#[template(path = "device.html")]
pub struct Device<'a> {
    /// What every page has.
    pub frame: Frame<'a>,
    /// What stands in the field.
    pub code: &'a str,
    /// What was wrong the last time.
    pub problem: Option<Problem>,
}

/// Whether a device may do what it asks for.
#[derive(Template)]
#[template(path = "device_consent.html")]
pub struct DeviceConsent<'a> {
    /// What every page has.
    pub frame: Frame<'a>,
    /// The program that runs on the device.
    pub program: &'a str,
    /// Who is signed in.
    pub user: &'a str,
    /// What the device shows.
    pub code: &'a str,
    /// What is asked for.
    pub scopes: Vec<&'static str>,
}

/// Who is signed in, and how that ends.
#[derive(Template)]
#[template(path = "account.html")]
pub struct Account<'a> {
    /// What every page has.
    pub frame: Frame<'a>,
    /// Who is signed in.
    pub user: &'a str,
    /// What is kept for the answer: names and values.
    pub kept: Vec<(&'static str, &'a str)>,
    /// Somebody asked for the end, who has not shown that it may.
    pub is_asked: bool,
}

/// Something is told, and nothing is asked.
#[derive(Template)]
#[template(path = "notice.html")]
pub struct Notice<'a> {
    /// The language.
    pub language: Language,
    /// What it is about.
    pub title: &'a str,
    /// What is told.
    pub text: &'a str,
    /// Behind it, for whoever writes the program.
    pub detail: Option<&'a str>,
}

/// An answer that the browser hands on as a form.
#[derive(Template)]
#[template(path = "form_post.html")]
pub struct FormPost<'a> {
    /// The language.
    pub language: Language,
    /// Where it goes.
    pub action: &'a str,
    /// Names and values.
    pub fields: Vec<(&'a str, &'a str)>,
}

#[cfg(test)]
mod tests;
