//! Letters of A to B through C, step by step, as all three see them.

use potok_domain::docflow::docflow;
use potok_stories::{Story, Who};

/// Plays `story` and compares what each box sees after each step with what the story says it sees. Steps stand at the
/// margin, views are indented: the box, `+` if finished, severity, text, the statuses of the intermediate addressee's and of
/// the recipient's answer, and in brackets what may be done next.
#[track_caller]
fn check(story: &str) {
    let expected: Vec<&str> = story.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut played = Story::new();
    let mut shown = String::new();
    for step in expected.iter().filter(|line| !is_view(line)) {
        shown += &format!("{step}\n");
        for one in step.split(';').map(str::trim) {
            if let Err(refused) = played.step(one) {
                shown += &format!("  = {refused}\n");
            }
        }
        for who in Who::ALL {
            if let Some(line) = view(&played, who) {
                shown += &format!("  {who:?} {line}\n");
            }
        }
    }
    let actual: Vec<&str> = shown.lines().map(str::trim).collect();
    assert!(actual == expected, "the story goes otherwise:\n{shown}");
}

fn is_view(line: &str) -> bool {
    line.starts_with("= ")
        || line
            .get(..4)
            .is_some_and(|start| ["A + ", "A - ", "B + ", "B - ", "C + ", "C - "].contains(&start))
}

fn view(story: &Story, who: Who) -> Option<String> {
    let state = story.world.state(who, story.message())?;
    let document = state.documents().next()?.0.entity.id;
    let flow = docflow(&state, document)?;
    let flags = &flow.flags;
    let words = [
        (flags.can_be_signed_by_sender, "sign"),
        (flags.can_be_answered_by_recipient, "answer"),
        (flags.can_be_receipted, "receipt"),
        (flags.can_be_revoked_by_sender_alone, "revoke"),
    ];
    let words: Vec<_> = words.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
    let finished = if flow.is_finished { '+' } else { '-' };
    let status = &flow.primary_status;
    let (proxy, response) = (flow.steps.proxy, flow.steps.response);
    let words = words.join(" ");
    Some(format!("{finished} {:?} «{}» {proxy:?} {response:?} [{words}]", status.severity, status.text))
}

/// The feeds of all boxes after `steps`, all of which succeed: a line per event, with whose it is.
#[track_caller]
fn check_feeds(steps: &str, expected: &str) {
    let (story, refused) = Story::play(steps);
    assert_eq!(refused, None);
    let feeds = [Who::A, Who::C, Who::B].map(|who| (who, story.feed(who)));
    let lines = feeds.iter().flat_map(|(who, feed)| feed.lines().map(move |line| format!("{who:?} {line}")));
    let actual: Vec<String> = lines.collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert!(actual == expected, "the feeds are:\n{}", actual.join("\n"));
}

#[test]
fn first_one_signs_then_the_other() {
    check(
        "
        post Nonformalized ask through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C signs d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Success «Подписан» Signed Waiting [revoke]
        deliver
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Warning «Требуется подпись» Signed Waiting [answer receipt revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        B signs d1
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Success «Подписан» Signed Signed [receipt]
          C + Success «Подписан» Signed Waiting [revoke]
        deliver
          A + Success «Подписан всеми получателями» Signed Signed []
          B + Success «Подписан» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        ",
    );
}

#[test]
fn a_refusal_on_the_way_ends_it() {
    check(
        "
        post Nonformalized ask through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C refuses d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Error «Отказано в подписи» Rejected Waiting [revoke]
        deliver
          A + Error «Контрагент отказал в подписи» Rejected Waiting [revoke]
          C + Error «Отказано в подписи» Rejected Waiting [revoke]
        C signs d1
          = Текущее состояние документа не позволяет его подписать: Signatures[0], документ cdbc8b0f-4632-4424-99a0-dfa60568e28a: промежуточный получатель уже ответил на него
          A + Error «Контрагент отказал в подписи» Rejected Waiting [revoke]
          C + Error «Отказано в подписи» Rejected Waiting [revoke]
        ",
    );
}

#[test]
fn the_recipient_refuses() {
    check(
        "
        post Nonformalized ask receipt through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C signs d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Success «Подписан» Signed Waiting [revoke]
        deliver
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» Signed Waiting [revoke]
          B - Warning «Требуется подпись. Требуется подписать извещение о получении» Signed Waiting [answer receipt revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        B refuses d1 & receipts d1
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» Signed Waiting [revoke]
          B - Error «Отказано в подписи» Signed Rejected [revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        deliver
          A + Error «Контрагент отказал в подписи» Signed Rejected [revoke]
          B + Error «Отказано в подписи» Signed Rejected [revoke]
          C + Success «Подписан» Signed Rejected [revoke]
        ",
    );
}

#[test]
fn nothing_is_asked_of_the_recipient() {
    check(
        "
        post Nonformalized through-C
          A - Info «Отправляется» Waiting NotAcceptable []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting NotAcceptable [revoke]
          C - Warning «Требуется подпись» Waiting NotAcceptable [revoke]
        C signs d1
          A - Warning «Ожидается промежуточная подпись» Waiting NotAcceptable [revoke]
          C - Success «Подписан» Signed NotAcceptable [revoke]
        deliver
          A + Info «Документооборот завершен» Signed NotAcceptable [revoke]
          B + Info «Документооборот завершен» Signed NotAcceptable [answer receipt revoke]
          C + Success «Подписан» Signed NotAcceptable [revoke]
        ",
    );
}

#[test]
fn a_one_sided_document() {
    check(
        "
        post ServiceDetails through-C
          A - Info «Отправляется» Waiting NotAcceptable []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting NotAcceptable [revoke]
          C - Warning «Требуется подпись» Waiting NotAcceptable [revoke]
        C signs d1
          A - Warning «Ожидается промежуточная подпись» Waiting NotAcceptable [revoke]
          C - Success «Подписан» Signed NotAcceptable [revoke]
        deliver
          A + Info «Документооборот завершен» Signed NotAcceptable [revoke]
          B + Info «Документооборот завершен» Signed NotAcceptable [receipt revoke]
          C + Success «Подписан» Signed NotAcceptable [revoke]
        ",
    );
}

#[test]
fn a_bad_signature_may_be_repeated() {
    check(
        "
        post Nonformalized ask through-C badly
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Error «Ошибка в подписи» Waiting Waiting [sign]
        A signs d1
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C signs d1 badly
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Success «Подписан» Signed Waiting [revoke]
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Error «Ошибка в подписи» Invalid Waiting [revoke]
        C signs d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Success «Подписан» Signed Waiting [revoke]
        deliver
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Warning «Требуется подпись» Signed Waiting [answer receipt revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        ",
    );
}

#[test]
fn a_letter_that_is_sent_later() {
    check(
        "
        post Nonformalized ask delay through-C
          A - Warning «Требуется подписать и отправить» Waiting Unknown [sign]
        A signs d1
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C signs d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Success «Подписан» Signed Waiting [revoke]
        deliver
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Warning «Требуется подпись» Signed Waiting [answer receipt revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        ",
    );
}

#[test]
fn three_titles() {
    check(
        "
        post PerformedWorkAcceptanceCertificate wf13 through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C signs d1
          = Текущее состояние документа не позволяет его подписать: Signatures[0], документ cdbc8b0f-4632-4424-99a0-dfa60568e28a: на него отвечают титулом получателя, а не подписью
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C titles d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Success «Подписан» Signed Waiting [revoke]
        deliver
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Warning «Требуется подпись» Signed Waiting [answer receipt revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        B titles d1
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Success «Подписан» Signed Signed [receipt]
          C + Success «Подписан» Signed Waiting [revoke]
        deliver
          A + Success «Подписан всеми получателями» Signed Signed []
          B + Success «Подписан» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        ",
    );
}

#[test]
fn the_second_of_three_titles_is_refused() {
    check(
        "
        post PerformedWorkAcceptanceCertificate wf13 through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C refuses d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Error «Отказано в подписи» Rejected Waiting [revoke]
        deliver
          A + Error «Контрагент отказал в подписи» Rejected Waiting [revoke]
          C + Error «Отказано в подписи» Rejected Waiting [revoke]
        ",
    );
}

#[test]
fn the_third_of_three_titles_is_refused() {
    check(
        "
        post PerformedWorkAcceptanceCertificate wf13 through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C titles d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Success «Подписан» Signed Waiting [revoke]
        deliver
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Warning «Требуется подпись» Signed Waiting [answer receipt revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        B refuses d1
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Error «Отказано в подписи» Signed Rejected [receipt revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        deliver
          A + Error «Контрагент отказал в подписи» Signed Rejected [revoke]
          B + Error «Отказано в подписи» Signed Rejected [receipt revoke]
          C + Success «Подписан» Signed Rejected [revoke]
        ",
    );
}

#[test]
fn confirmed_titles() {
    check(
        "
        post XmlTorg12 wf19 through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C signs d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Success «Подписан» Signed Waiting [revoke]
        deliver
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Warning «Требуется подпись» Signed Waiting [answer receipt revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        B titles d1 asks-receipt
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Warning «Подписан. Ожидается извещение о получении» Signed Signed [receipt]
          C + Success «Подписан» Signed Waiting [revoke]
        deliver
          A - Warning «Подписан всеми получателями. Требуется подписать извещение о получении» Signed Signed []
          B - Warning «Подписан. Ожидается извещение о получении» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        A receipts title(d1)
          A - Success «Подписан всеми получателями» Signed Signed []
          B - Warning «Подписан. Ожидается извещение о получении» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        deliver
          A + Success «Подписан всеми получателями» Signed Signed []
          B + Success «Подписан» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        ",
    );
}

#[test]
fn the_sender_revokes_alone_before_the_first_signature() {
    check(
        "
        post Nonformalized ask through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        A revokes d1
          A - Warning «Ожидается аннулирование» Waiting Waiting []
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        deliver
          A + Error «Аннулирован» Waiting Waiting []
          C + Error «Аннулирован» Waiting Waiting []
        C signs d1
          = Документ уже аннулирован: Signatures[0], документ cdbc8b0f-4632-4424-99a0-dfa60568e28a
          A + Error «Аннулирован» Waiting Waiting []
          C + Error «Аннулирован» Waiting Waiting []
        ",
    );
}

#[test]
fn the_sender_revokes_while_a_signature_is_on_its_way() {
    check(
        "
        post Nonformalized ask through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C signs d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Success «Подписан» Signed Waiting [revoke]
        A revokes d1
          A - Warning «Ожидается аннулирование» Waiting Waiting []
          C - Success «Подписан» Signed Waiting [revoke]
        deliver
          A - Warning «Ожидается аннулирование» Signed Waiting []
          B - Warning «Требуется аннулирование» Signed Waiting [answer receipt]
          C + Success «Подписан» Signed Waiting [revoke]
        B signs revocation(d1)
          A - Warning «Ожидается аннулирование» Signed Waiting []
          B - Warning «Требуется аннулирование» Signed Waiting [answer receipt]
          C + Success «Подписан» Signed Waiting [revoke]
        deliver
          A + Error «Аннулирован» Signed Waiting []
          B + Error «Аннулирован» Signed Waiting []
          C + Error «Аннулирован» Signed Waiting []
        ",
    );
}

#[test]
fn the_sender_revokes_before_the_recipient_signs() {
    check(
        "
        post Nonformalized ask through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver; C signs d1; deliver
          A - Warning «Ожидается подпись контрагента» Signed Waiting [revoke]
          B - Warning «Требуется подпись» Signed Waiting [answer receipt revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        A revokes d1
          A - Warning «Ожидается аннулирование» Signed Waiting []
          B - Warning «Требуется подпись» Signed Waiting [answer receipt revoke]
          C + Success «Подписан» Signed Waiting [revoke]
        deliver
          A + Error «Аннулирован» Signed Waiting []
          B + Error «Аннулирован» Signed Waiting []
          C + Error «Аннулирован» Signed Waiting []
        ",
    );
}

#[test]
fn both_sides_agree_to_revoke() {
    check(
        "
        post Nonformalized ask through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver; C signs d1; deliver; B signs d1; deliver
          A + Success «Подписан всеми получателями» Signed Signed []
          B + Success «Подписан» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        B revokes d1
          A + Success «Подписан всеми получателями» Signed Signed []
          B - Warning «Ожидается аннулирование» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        deliver
          A - Warning «Требуется аннулирование» Signed Signed []
          B - Warning «Ожидается аннулирование» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        A signs revocation(d1)
          A - Warning «Требуется аннулирование» Signed Signed []
          B - Warning «Ожидается аннулирование» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        deliver
          A + Error «Аннулирован» Signed Signed []
          B + Error «Аннулирован» Signed Signed []
          C + Error «Аннулирован» Signed Signed []
        ",
    );
}

#[test]
fn a_refused_revocation() {
    check(
        "
        post Nonformalized ask through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver; C signs d1; deliver; B signs d1; deliver
          A + Success «Подписан всеми получателями» Signed Signed []
          B + Success «Подписан» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        A revokes d1
          A - Warning «Ожидается аннулирование» Signed Signed []
          B + Success «Подписан» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        deliver
          A - Warning «Ожидается аннулирование» Signed Signed []
          B - Warning «Требуется аннулирование» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        C signs revocation(d1)
          = Текущее состояние документа не позволяет ответить на запрос об аннулировании: Signatures[0], документ cdbc8b0f-4632-4424-99a0-dfa60568e28a: на запрос отвечает другая сторона
          A - Warning «Ожидается аннулирование» Signed Signed []
          B - Warning «Требуется аннулирование» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        B refuses revocation(d1)
          A - Warning «Ожидается аннулирование» Signed Signed []
          B - Warning «Требуется аннулирование» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        deliver
          A + Success «Подписан всеми получателями. Отказано в аннулировании» Signed Signed []
          B + Success «Подписан. Отказано в аннулировании» Signed Signed [receipt]
          C + Success «Подписан» Signed Signed []
        ",
    );
}

#[test]
fn the_sender_revokes_what_was_refused() {
    check(
        "
        post Nonformalized ask through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver; C refuses d1; deliver
          A + Error «Контрагент отказал в подписи» Rejected Waiting [revoke]
          C + Error «Отказано в подписи» Rejected Waiting [revoke]
        A revokes d1
          A - Warning «Ожидается аннулирование» Rejected Waiting []
          C + Error «Отказано в подписи» Rejected Waiting [revoke]
        deliver
          A + Error «Аннулирован» Rejected Waiting []
          C + Error «Аннулирован» Rejected Waiting []
        ",
    );
}

#[test]
fn the_intermediate_addressee_signs_or_refuses_and_nothing_else() {
    check(
        "
        post Nonformalized ask receipt through-C
          A - Info «Отправляется» Waiting Waiting []
        deliver
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C receipts d1
          = Текущее состояние документа не позволяет подписать извещение о его получении: Receipts[0], документ cdbc8b0f-4632-4424-99a0-dfa60568e28a: извещение подписывает получатель
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C amends d1
          = Текущее состояние документа не позволяет запросить его уточнение: CorrectionRequests[0], документ cdbc8b0f-4632-4424-99a0-dfa60568e28a: уточнение запрашивает получатель
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C revokes d1
          = Текущее состояние документа не позволяет создать запрос на аннулирование или выполнить отзыв: RevocationRequests[0], документ cdbc8b0f-4632-4424-99a0-dfa60568e28a: его аннулируют отправитель и получатель
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C titles d1
          = Текущее состояние документа не позволяет добавить титул получателя: RecipientTitles[0], документ cdbc8b0f-4632-4424-99a0-dfa60568e28a: на него отвечают подписью, а не титулом получателя
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C says 1999 d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Warning «Требуется подпись» Waiting Waiting [revoke]
        C says 3999 d1
          A - Warning «Ожидается промежуточная подпись» Waiting Waiting [revoke]
          C - Error «Отказано в подписи» Rejected Waiting [revoke]
        deliver
          A + Error «Контрагент отказал в подписи» Rejected Waiting [revoke]
          C + Error «Отказано в подписи» Rejected Waiting [revoke]
        ",
    );
}

#[test]
fn what_each_box_is_told() {
    check_feeds(
        "post Nonformalized ask comment through-C; deliver; C signs d1; deliver; B signs d1; deliver",
        "
        A message: d1 comment(d1) sA(d1)
        A delivered message:
        A received: sC(d1)
        A delivered message:
        A received: sB(d1)
        C message: d1 comment(d1) sA(d1)
        C patch: sC(d1)
        C delivered patch:
        C received: sB(d1)
        B message: d1 comment(d1) sA(d1) sC(d1)
        B patch: sB(d1)
        B delivered patch:
        ",
    );
}

#[test]
fn documents_go_on_one_by_one() {
    check_feeds(
        "post Nonformalized Nonformalized ask through-C; deliver; C signs d2; deliver; C signs d1; deliver",
        "
        A message: d1 sA(d1) d2 sA(d2)
        A delivered message:
        A received: sC(d2)
        A delivered message:
        A received: sC(d1)
        A delivered patch:
        C message: d1 sA(d1) d2 sA(d2)
        C patch: sC(d2)
        C delivered patch:
        C patch: sC(d1)
        C delivered patch:
        B message: d2 sA(d2) sC(d2)
        B received: d1 sA(d1) sC(d1)
        ",
    );
}

#[test]
fn tags_are_everybodys_and_receipts_are_not() {
    check_feeds(
        "post XmlTorg12 wf3 receipt through-C; deliver; A tags d1 a=1; deliver; C tags d1 b=2 & signs d1; deliver; B tags d1 c=3 & receipts d1; deliver; B titles d1 asks-receipt; deliver; A receipts title(d1); deliver",
        "
        A message: d1 sA(d1)
        A delivered message:
        A patch: tag(d1)
        A delivered patch:
        A received: sC(d1) tag(d1)
        A delivered message:
        A received: receipt(d1) sB(receipt(d1)) tag(d1)
        A received: title(d1) sB(title(d1))
        A patch: receipt(title(d1)) sA(receipt(title(d1)))
        A delivered patch:
        C message: d1 sA(d1)
        C received: tag(d1)
        C patch: sC(d1) tag(d1)
        C delivered patch:
        C received: tag(d1)
        C received: title(d1) sB(title(d1))
        B message: d1 sA(d1) tag(d1) sC(d1) tag(d1)
        B patch: receipt(d1) sB(receipt(d1)) tag(d1)
        B delivered patch:
        B patch: title(d1) sB(title(d1))
        B delivered patch:
        B received: receipt(title(d1)) sA(receipt(title(d1)))
        ",
    );
}

#[test]
fn confirmations_go_to_sender_and_recipient() {
    check_feeds(
        "post XmlTorg12 wf19 through-C; deliver; C signs d1; deliver; B titles d1; deliver",
        "
        A message: d1 sA(d1)
        A delivered message: received(d1) sOp(received(d1))
        A received: sC(d1)
        A delivered message:
        A received: title(d1) sB(title(d1)) passed-on(title(d1)) sOp(passed-on(title(d1)))
        C message: d1 sA(d1)
        C patch: sC(d1)
        C delivered patch:
        C received: title(d1) sB(title(d1))
        B message: d1 sA(d1) sC(d1) passed-on(d1) sOp(passed-on(d1))
        B patch: title(d1) sB(title(d1))
        B delivered patch: received(title(d1)) sOp(received(title(d1)))
        ",
    );
}

#[test]
fn what_was_refused_goes_nowhere() {
    check_feeds(
        "post Nonformalized Nonformalized ask through-C; deliver; C refuses d1 & signs d2; deliver; A tags d1 a=1; A tags d2 b=2; deliver",
        "
        A message: d1 sA(d1) d2 sA(d2)
        A delivered message:
        A received: sC(d2) refusal(d1) sC(refusal(d1))
        A delivered message:
        A patch: tag(d1)
        A patch: tag(d2)
        A delivered patch:
        A delivered patch:
        C message: d1 sA(d1) d2 sA(d2)
        C patch: sC(d2) refusal(d1) sC(refusal(d1))
        C delivered patch:
        C received: tag(d1)
        C received: tag(d2)
        B message: d2 sA(d2) sC(d2)
        B received: tag(d2)
        ",
    );
}

#[test]
fn what_was_lost_with_the_first_sending_stays_lost() {
    let mut story = Story::new();
    for step in
        ["post Nonformalized through-C badly", "A revokes d1", "fail", "A signs d1", "deliver", "C signs d1"]
    {
        match step {
            "fail" => story.world.deliver_one(0, false),
            _ => story.step(step).expect("it is accepted"),
        }
    }
    story.step("deliver").expect("it is a step");
    assert_eq!(story.feed(Who::B), "message: d1 sA(d1) sC(d1)");
}
