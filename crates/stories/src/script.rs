//! Steps in words.

use potok_domain::command::{
    DraftSignature, Link, NewDocument, NewDraft, NewRefusal, PatchTemplate, Recognized, SendDraft,
    TransformTemplate, Transformation,
};
use potok_domain::decide::Rejection;
use potok_domain::directory::AccessLevel;
use potok_domain::{
    Body, DocumentKind, DocumentRef, LockMode, Metadata, Posted, Template, WorkflowId, registry,
};
use potok_types::{ContentRef, EntityId, MessageId};

use crate::cast::{EXPORT, Who, box_of, bytes, colleague_of, document, letter, prepared_title, user_of};
use crate::simulation::Simulation;

/// A story of a few messages, one at a time: `post Nonformalized ask; deliver; B signs d1; deliver`.
///
/// Steps, separated by `;`:
/// - `post TYPE… [ask] [receipt] [comment] [delay] [internal] [encrypted] [obsolete] [send-lock] [full-lock] [wfN] [fnNAME]
///   [vVERSION] [draft] [locked] [loose] [to-nobody] [named=NAME] [number=N] [date=D] [sum=N] [filled] [edited] [prepared] [read=FUNCTION/VERSION] [about=N] [through-C] [badly]`: A
///   posts to B; `filled` gives the attributes that the type needs; `read` is what the bytes say of themselves; `obsolete`
///   is a list from before `DocumentAttachments`; `about` names a message of the story, whose first document these refer to; with `through-C` that
///   has to answer first; with `edited` what is missing may be given later, with `prepared` A writes the title of B too; `draft` keeps it, `locked` and `loose` as they say, `to-nobody` without an addressee; of a `template`
///   B is to make a letter to A, or, as `for-A` says, A one to B, or to whom `letter-to-C` says, of a `reusable` one any number; with
///   `no-refusal` B may not refuse it. What is read and cannot be posted yet is told with `as-wfN`:
///   the event that opens the message is changed, and nothing else;
/// - `B transforms`: an unsent letter is made of all of the newest message, a template, and told of from then on;
///   `B refuses-template`: nothing is to be made of it;
/// - `A sends [badly] [to-B] [to-C] [through-C]`: a letter is made of the newest message, a draft; `A recycles`;
/// - `B forwards d1 [to-B]`: to C, or to whom it says;
/// - `A signs d1 d2`: somebody of A adds to the newest message; `A' signs d1` is the colleague. Actions joined by `&` are
///   one patch; `badly` makes their signatures bad. What is added hangs under what is named: a document (`d1`), or as
///   [`Story::names`] shows it (`revocation(d1)`).
///   - exchange: `signs [prepared]` (other bytes, that were made for the signer), `edits`, `titles [partly] [asks-receipt]`, `refuses`, `refuses-plainly`, `receipts`, `amends`, `revokes`,
///     `cancels-fixation`, `says CODE [aside]`, `approves`, `verifies`, `disproves`;
///   - inside: `asks-approval`, `asks-signature`, `asks-approval-signature` (`to-me`, `to-sales`, `to-stranger`, else the
///     colleague), `resolves-yes`, `resolves-no`, `withdraws`, `denies`, `cancels`, `cancels-denial`, `puts-on-route`,
///     `takes-off-route`, `tags KEY=VALUE`, `untags KEY=`; `joins with=N` (the packet of the first document of message N),
///     `leaves`; `deletes`, `restores`, `moves [to-sales]`, each a call of its own;
/// - `B loses RIGHT`: the people of B may do less from now on: `signing`, `approving`, `requesting`, `creating`, `saying`, `deleting`,
///   `sight` of what does not lie in the export department, `administration`, `employment`; `B hides`: from strangers;
/// - `deliver`: everything planned arrives or fails; `deliver one`: the oldest does;
/// - `stamps`: good signatures get time stamps from now on; `next day`; `look N`: the story goes on with message N;
///   `10x STEP`: that step so often.
pub struct Story {
    /// What has happened.
    pub simulation: Simulation,
    /// The message of which the next steps are.
    pub message: Option<MessageId>,
    messages: Vec<MessageId>,
    /// How many different bytes there are so far.
    numbers: usize,
}

impl Default for Story {
    fn default() -> Self {
        Self { simulation: Simulation::new(7), message: None, messages: Vec::new(), numbers: 0 }
    }
}

impl Story {
    /// Nothing has happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plays `steps`; the last one's refusal, if it was refused. Earlier steps must succeed.
    #[track_caller]
    pub fn play(steps: &str) -> (Self, Option<Rejection>) {
        let mut story = Self::new();
        let mut refused = None;
        for step in steps.split(';').map(str::trim) {
            assert_eq!(refused, None, "only the last step may be refused, not the one before {step:?}");
            refused = story.step(step).err();
        }
        (story, refused)
    }

    /// The message of which the next steps are.
    pub fn message(&self) -> MessageId {
        self.message.expect("the story posts a message first")
    }

    /// Plays one step.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn step(&mut self, step: &str) -> Result<(), Rejection> {
        let (first, rest) = step.split_once(' ').unwrap_or((step, ""));
        match first {
            "deliver" if rest == "one" => self.simulation.deliver_one(0, false),
            "deliver" => self.simulation.deliver_all(),
            "stamps" => self.simulation.stamps = true,
            "next" => self.simulation.next_day(),
            "look" => self.message = Some(self.posted(rest)),
            "post" => self.post(&rest.split_whitespace().collect::<Vec<_>>())?,
            "A" | "B" | "C" if rest.starts_with("loses ") => self.lose(parse_who(first), &rest[6..]),
            "A" | "B" | "C" if rest == "hides" => {
                let organization =
                    self.simulation.organizations.get_mut(&parse_who(first)).expect("it is one of them");
                organization.counteragents_only = true;
            }
            "A" | "B" | "C" if rest == "recycles" => {
                let (who, draft) = (parse_who(first), self.message());
                self.simulation.recycle(who, draft)?;
            }
            "A" | "B" | "C" if rest == "refuses-template" => {
                let command = self.refusals(parse_who(first));
                self.simulation.refuse_template(parse_who(first), &command)?;
            }
            "A" | "B" | "C" if rest == "transforms" => {
                let command = self.transformation(parse_who(first));
                let letter = self.simulation.transform(parse_who(first), &command)?.message_id;
                self.message = Some(letter);
                self.messages.push(letter);
            }
            "A" | "B" | "C" if rest.starts_with("forwards ") => {
                self.forward(parse_who(first), &rest.split_whitespace().collect::<Vec<_>>())?;
            }
            "A" | "B" | "C" if rest.starts_with("sends") => {
                self.send(parse_who(first), &rest.split_whitespace().collect::<Vec<_>>())?;
            }
            "A" | "B" | "C" | "A'" | "B'" | "C'" => {
                let who = parse_who(first);
                let author = if first.ends_with('\'') { colleague_of(who) } else { user_of(who) };
                self.act(who, author, rest)?;
            }
            _ => {
                let times = first.strip_suffix('x').and_then(|times| times.parse::<usize>().ok());
                let times = times.unwrap_or_else(|| panic!("no such step: {step}"));
                (0..times).try_for_each(|_| self.step(rest))?;
            }
        }
        Ok(())
    }

    fn lose(&mut self, who: Who, right: &str) {
        let permissions = self.simulation.permissions.get_mut(&who).expect("there are two");
        match right {
            "signing" => permissions.can_sign_documents = false,
            "approving" => permissions.can_add_resolutions = false,
            "requesting" => permissions.can_request_resolutions = false,
            "creating" => permissions.can_create_documents = false,
            "saying" => permissions.can_attach_universal_messages = false,
            "deleting" => permissions.can_delete_restore_documents = false,
            "administration" => permissions.is_administrator = false,
            "employment" => permissions.is_blocked = true,
            "sight" => {
                permissions.access = AccessLevel::DepartmentOnly;
                permissions.department = EXPORT;
            }
            _ => panic!("no such right: {right}"),
        }
    }

    pub(crate) fn posted(&self, number: &str) -> MessageId {
        let number: usize = number.parse().expect("a number of a message");
        self.messages[number - 1]
    }

    /// Each time another one.
    pub(crate) const fn next_number(&mut self) -> usize {
        self.numbers += 1;
        self.numbers
    }

    /// Different bytes each time, so that good and bad ones are told apart.
    pub fn signature(&mut self, is_bad: bool) -> ContentRef {
        let content = bytes(&format!("signature {}", self.next_number()));
        if is_bad {
            self.simulation.bad.insert(content.hash);
        }
        content
    }

    fn post(&mut self, words: &[&str]) -> Result<(), Rejection> {
        let has = |word: &str| words.contains(&word);
        let value = |key: &str| words.iter().find_map(|word| word.strip_prefix(key));
        let workflow = value("wf").map(|number| number.parse().expect("a number"));
        let about = value("about=").map(|number| self.posted(number)).map(|message_id| {
            Link::Existing(DocumentRef { message_id, entity_id: self.simulation.document(message_id, 0) })
        });
        let types = words.iter().filter(|word| word.starts_with(char::is_uppercase));
        let mut documents = Vec::new();
        for (i, type_named_id) in types.enumerate() {
            let mut posted = document();
            posted.path = format!("MessageToPost.DocumentAttachments[{i}]");
            posted.type_named_id = (*type_named_id).to_owned();
            posted.workflow = workflow;
            posted.function = value("fn").map(str::to_owned);
            posted.version = value("v").map(str::to_owned);
            posted.need_recipient_signature = has("ask");
            posted.need_receipt = has("receipt");
            posted.comment = has("comment").then(|| bytes("comment"));
            posted.is_encrypted = has("encrypted");
            let is_signed = !has("delay") && !has("draft") && !has("template");
            posted.signature = is_signed.then(|| self.signature(has("badly") && i == 0));
            posted.initial_documents.extend(about.clone());
            if type_named_id.starts_with("Universal") {
                posted.metadata.clear();
            }
            posted.is_of_obsolete_list = has("obsolete");
            if let Some(name) = value("named=") {
                posted.metadata = vec![metadata("FileName", name)];
            }
            if let Some(number) = value("number=") {
                let date = value("date=").unwrap_or("01.02.2026");
                posted.metadata.extend([metadata("DocumentNumber", number), metadata("DocumentDate", date)]);
            }
            posted.recognized = value("read=").map(|said| recognized(type_named_id, said));
            posted.metadata.extend(value("sum=").map(|sum| metadata("TotalSum", sum)));
            if has("filled") {
                fill(&mut posted);
            }
            posted.refusal_disabled = has("no-refusal");
            posted.editing_setting = has("edited").then(|| "setting".to_owned());
            if has("prepared") {
                posted.prepared_title = prepared_title(&posted, has("through-C"));
            }
            documents.push(posted);
        }
        let mut command = letter(documents);
        command.delay_send = has("delay");
        command.draft = has("draft").then(|| NewDraft { is_locked: has("locked"), is_strict: !has("loose") });
        let (maker, back) = if has("for-A") { (Who::A, Who::B) } else { (Who::B, Who::A) };
        command.template = has("template").then(|| Template {
            from: box_of(maker),
            to: box_of(if has("letter-to-C") { Who::C } else { back }),
            to_department: None,
            proxy: None,
            proxy_department: None,
            is_reusable: has("reusable"),
        });
        command.proxy = has("through-C").then(|| box_of(Who::C));
        command.is_internal = has("internal");
        if command.is_internal || has("to-nobody") {
            command.to = None;
        }
        command.lock_mode = match (has("send-lock"), has("full-lock")) {
            (true, _) => LockMode::Send,
            (_, true) => LockMode::Full,
            _ => LockMode::None,
        };
        let message =
            self.simulation.post_as(Who::A, &command, |posted| unlike_today(posted, words))?.message_id;
        self.message = Some(message);
        self.messages.push(message);
        Ok(())
    }
}

impl Story {
    /// All documents of the newest message.
    fn all(&self, who: Who) -> Vec<EntityId> {
        let state = self.simulation.state(who, self.message()).expect("the box has the message");
        state.documents().map(|(found, _)| found.entity.id).collect()
    }

    fn refusals(&self, who: Who) -> PatchTemplate<ContentRef> {
        let refusals = self.all(who).into_iter().enumerate().map(|(i, document)| NewRefusal {
            path: format!("TemplatePatchToPost.Refusals[{i}]"),
            document,
            comment: Some("no".to_owned()),
            content: Some(bytes("no")),
            labels: Vec::new(),
        });
        PatchTemplate { template: self.message(), refusals: refusals.collect() }
    }

    fn transformation(&self, who: Who) -> TransformTemplate {
        let documents = self.all(who).into_iter().enumerate().map(|(i, document)| Transformation {
            path: format!("TemplateTransformationToPost.DocumentTransformations[{i}]"),
            document,
            custom_document_id: None,
        });
        TransformTemplate { box_id: box_of(who), template: self.message(), documents: documents.collect() }
    }

    fn forward(&mut self, who: Who, words: &[&str]) -> Result<(), Rejection> {
        let to = if words.contains(&"to-B") { Who::B } else { Who::C };
        let (message, document) = (self.message(), self.find(who, words[1]));
        self.simulation.forward(who, user_of(who), message, document, to).map(drop)
    }

    /// Signs all documents of the newest message, a draft, and sends it.
    fn send(&mut self, who: Who, words: &[&str]) -> Result<(), Rejection> {
        let has = |word: &str| words.contains(&word);
        let draft = self.message();
        let state = self.simulation.state(who, draft).expect("the box has the draft");
        let documents: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
        let to = [("to-B", Who::B), ("to-C", Who::C)].into_iter().find(|(word, _)| has(word));
        let mut signatures = Vec::with_capacity(documents.len());
        for (i, document) in documents.into_iter().enumerate() {
            let path = format!("DraftToSend.DocumentSignatures[{i}]");
            let signature = self.signature(has("badly") && i == 0);
            signatures.push(DraftSignature { path, document, signature, power: None, prepared: None });
        }
        let command = SendDraft {
            draft,
            to: to.map(|(_, to)| box_of(to)),
            to_department: None,
            proxy: has("through-C").then(|| box_of(Who::C)),
            proxy_department: None,
            is_test: false,
            signatures,
        };
        let letter = self.simulation.send(who, &command)?.message_id;
        self.message = Some(letter);
        self.messages.push(letter);
        Ok(())
    }
}

fn parse_who(word: &str) -> Who {
    match &word[..1] {
        "A" => Who::A,
        "B" => Who::B,
        _ => Who::C,
    }
}

fn metadata(key: &str, value: &str) -> Metadata {
    Metadata { key: key.to_owned(), value: value.to_owned() }
}

/// The first title of a file that says it has this `FUNCTION/VERSION`.
fn recognized(type_named_id: &str, said: &str) -> Recognized {
    let (function, version) = said.split_once('/').expect("a function and a version");
    let kind = DocumentKind {
        type_named_id: type_named_id.to_owned(),
        function: function.to_owned(),
        version: version.to_owned(),
    };
    Recognized { index: 0, kinds: vec![kind], function: Some(function.to_owned()), metadata: Vec::new() }
}

/// Gives the attributes that the type needs and the story has not named.
fn fill(document: &mut NewDocument<ContentRef>) {
    let needed = registry::lookup(&document.type_named_id).map_or(&[][..], |known| known.metadata);
    for item in needed.iter().filter(|item| item.is_required) {
        if document.metadata.iter().all(|given| given.key != item.key) {
            let value = if item.key.ends_with("Date") { "01.02.2026" } else { "7" };
            document.metadata.push(metadata(item.key, value));
        }
    }
}

/// Makes of a letter what is not posted today.
fn unlike_today(posted: &mut Posted, words: &[&str]) {
    let value = |key: &str| words.iter().find_map(|word| word.strip_prefix(key));
    let Some(workflow) = value("as-wf").map(|number| number.parse().expect("a number")) else { return };
    for entity in &mut posted.entities {
        if let Body::Document(document) = &mut entity.body {
            document.workflow = WorkflowId(workflow);
        }
    }
}
