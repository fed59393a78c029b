//! What the pages say.

/// Why a form has to be filled in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no such login, or the password is another one.
    WrongPassword,
    /// Too many were wrong; the seconds to wait.
    TooManyAttempts(u32),
    /// The account is shut out.
    Blocked,
    /// No such code waits.
    WrongCode,
    /// The form is old, or was made elsewhere.
    OldForm,
    /// The other provider did not sign anybody in whom the server knows.
    Provider,
}

/// What is said, in one language.
#[derive(Debug)]
pub struct Texts {
    pub(crate) sign_in: &'static str,
    pub(crate) to_program: &'static str,
    pub(crate) login: &'static str,
    pub(crate) password: &'static str,
    pub(crate) continue_: &'static str,
    pub(crate) by_provider: &'static str,
    pub(crate) allow_title: &'static str,
    pub(crate) wants: &'static str,
    pub(crate) signed_in_as: &'static str,
    pub(crate) leads_to: &'static str,
    pub(crate) allow: &'static str,
    pub(crate) deny: &'static str,
    pub(crate) device_title: &'static str,
    pub(crate) device_text: &'static str,
    pub(crate) device_code: &'static str,
    pub(crate) device_compare: &'static str,
    pub(crate) account_title: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) sign_out_asked: &'static str,
    pub(crate) form_post: &'static str,
    wrong_password: &'static str,
    too_many: [&'static str; 2],
    blocked: &'static str,
    wrong_code: &'static str,
    old_form: &'static str,
    provider: &'static str,
    scopes: [&'static str; 5],
    /// A request for a sign-in that cannot be answered.
    pub bad_request: &'static str,
    /// What to do about it.
    pub bad_request_text: &'static str,
    /// The session is over.
    pub signed_out: &'static str,
    /// What follows from it.
    pub signed_out_text: &'static str,
    /// The device may go on.
    pub device_allowed: &'static str,
    /// It may not.
    pub device_denied: &'static str,
    /// What to do now.
    pub device_done_text: &'static str,
    /// A form that is too old, or was made elsewhere.
    pub old_page: &'static str,
    /// What to do about it.
    pub old_page_text: &'static str,
    /// The console could not be opened.
    pub no_console: &'static str,
    /// What to do about it.
    pub no_console_text: &'static str,
    /// The server cannot answer now.
    pub unavailable: &'static str,
    /// What to do about it.
    pub unavailable_text: &'static str,
}

impl Texts {
    /// Why a form has to be filled in again.
    pub fn problem(&self, problem: &Problem) -> String {
        match problem {
            Problem::WrongPassword => self.wrong_password.to_owned(),
            Problem::TooManyAttempts(seconds) => {
                let [before, behind] = self.too_many;
                format!("{before} {seconds} {behind}")
            }
            Problem::Blocked => self.blocked.to_owned(),
            Problem::WrongCode => self.wrong_code.to_owned(),
            Problem::OldForm => self.old_form.to_owned(),
            Problem::Provider => self.provider.to_owned(),
        }
    }

    /// What a scope lets a program do; unknown ones are shown as they are.
    pub(crate) fn scope(&self, scope: &'static str) -> &'static str {
        let [openid, profile, email, offline, api] = self.scopes;
        match scope {
            "openid" => openid,
            "profile" => profile,
            "email" => email,
            "offline_access" => offline,
            "Diadoc.PublicAPI" | "Diadoc.PublicAPI.Staging" => api,
            other => other,
        }
    }
}

pub(crate) static RUSSIAN: Texts = Texts {
    sign_in: "Вход",
    to_program: "Программа, которая просит войти:",
    login: "Логин",
    password: "Пароль",
    continue_: "Войти",
    by_provider: "Войти через",
    allow_title: "Доступ для программы",
    wants: "Программа просит разрешения:",
    signed_in_as: "Вы вошли как",
    leads_to: "Ответ получит:",
    allow: "Разрешить",
    deny: "Отказать",
    device_title: "Вход на устройстве",
    device_text: "Введите код, который показывает устройство или программа.",
    device_code: "Код",
    device_compare: "Разрешайте, только если этот же код сейчас показывает ваше устройство:",
    account_title: "Вы вошли",
    sign_out: "Выйти",
    sign_out_asked: "Программа просит закончить сеанс. Выйти?",
    form_post: "Осталось вернуться в программу.",
    wrong_password: "Неверный логин или пароль.",
    too_many: ["Слишком много неверных паролей. Попробуйте через", "с."],
    blocked: "Учётная запись заблокирована администратором сервера.",
    wrong_code: "Такого кода нет, или его время вышло. Проверьте код на устройстве.",
    old_form: "Страница устарела. Заполните её ещё раз.",
    provider: "Войти через другого поставщика не удалось: он не подтвердил никого, кого знает этот сервер.",
    scopes: [
        "знать, кто вы",
        "видеть ваши имя и фамилию",
        "видеть адрес электронной почты",
        "работать от вашего имени, когда вас нет",
        "работать с документами ваших организаций, в пределах ваших прав",
    ],
    bad_request: "Войти по этой ссылке нельзя",
    bad_request_text: "Программа прислала запрос, на который нельзя ответить. Сообщите об этом тому, кто за неё отвечает.",
    signed_out: "Вы вышли",
    signed_out_text: "Сеанс в этом браузере закончен. Программы, которым вы разрешили работать без вас, продолжают работать.",
    device_allowed: "Устройство может продолжать",
    device_denied: "Устройству отказано",
    device_done_text: "Вернитесь к устройству; эту страницу можно закрыть.",
    old_page: "Страница устарела",
    old_page_text: "Вернитесь, обновите её и отправьте форму ещё раз: ничего не изменилось.",
    no_console: "Войти не получилось",
    no_console_text: "Откройте /console и войдите ещё раз.",
    unavailable: "Сервер сейчас не может ответить",
    unavailable_text: "Повторите попытку немного позже.",
};

pub(crate) static ENGLISH: Texts = Texts {
    sign_in: "Sign in",
    to_program: "The program that asks you to sign in:",
    login: "Login",
    password: "Password",
    continue_: "Sign in",
    by_provider: "Sign in with",
    allow_title: "Access for a program",
    wants: "The program asks for permission to:",
    signed_in_as: "You are signed in as",
    leads_to: "The answer goes to:",
    allow: "Allow",
    deny: "Deny",
    device_title: "Sign in on a device",
    device_text: "Type the code that the device or program shows.",
    device_code: "Code",
    device_compare: "Allow it only if your device shows this very code now:",
    account_title: "You are signed in",
    sign_out: "Sign out",
    sign_out_asked: "A program asks to end the session. Sign out?",
    form_post: "One step is left: back to the program.",
    wrong_password: "Wrong login or password.",
    too_many: ["Too many wrong passwords. Try again in", "s."],
    blocked: "The account is blocked by the administrator of the server.",
    wrong_code: "There is no such code, or its time is over. Look at the device again.",
    old_form: "The page was too old. Fill it in again.",
    provider: "The other provider vouched for nobody whom this server knows.",
    scopes: [
        "know who you are",
        "see your names",
        "see your e-mail address",
        "work in your name when you are away",
        "work with the documents of your organizations, within your rights",
    ],
    bad_request: "This link does not lead to a sign-in",
    bad_request_text: "The program sent a request that cannot be answered. Tell whoever looks after it.",
    signed_out: "You are signed out",
    signed_out_text: "The session in this browser is over. Programs that may work without you go on.",
    device_allowed: "The device may go on",
    device_denied: "The device was refused",
    device_done_text: "Go back to the device; you can close this page.",
    old_page: "The page is too old",
    old_page_text: "Go back, reload it and send the form again: nothing has changed.",
    no_console: "The sign-in did not work",
    no_console_text: "Open /console and sign in again.",
    unavailable: "The server cannot answer now",
    unavailable_text: "Try again a little later.",
};
