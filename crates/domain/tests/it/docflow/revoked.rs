//! Requests to revoke a document, and their answers.

use potok_domain::docflow::{RevocationStatus, docflow};

use super::check;
use crate::script::{Who, World, document_id};

const SIGNED: &str = "
    post request
      A - Info «Отправляется» []
    deliver
      A - Warning «Ожидается подпись контрагента» [revoke]
      B - Warning «Требуется подпись» [answer receipt revoke]
    B sign
      A - Warning «Ожидается подпись контрагента» [revoke]
      B - Success «Подписан» [receipt SIGNED]
    deliver
      A + Success «Подписан контрагентом» [SIGNED]
      B + Success «Подписан» [receipt SIGNED]
    ";

#[test]
fn the_sender_alone_revokes_what_nobody_has_signed() {
    check(
        "
        post request
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        A revoke
          A - Warning «Ожидается аннулирование» []
          B - Warning «Требуется подпись» [answer receipt revoke]
        deliver
          A + Error «Аннулирован» []
          B + Error «Аннулирован» []
        ",
    );
}

#[test]
fn both_have_to_agree_once_it_is_signed() {
    check(&format!(
        "
        {SIGNED}
        A revoke
          A - Warning «Ожидается аннулирование» [SIGNED]
          B + Success «Подписан» [receipt SIGNED]
        deliver
          A - Warning «Ожидается аннулирование» [SIGNED]
          B - Warning «Требуется аннулирование» [receipt SIGNED]
        B agree
          A - Warning «Ожидается аннулирование» [SIGNED]
          B - Warning «Требуется аннулирование» [receipt SIGNED]
        deliver
          A + Error «Аннулирован» [SIGNED]
          B + Error «Аннулирован» [SIGNED]
        "
    ));
}

#[test]
fn the_recipient_asks_and_the_sender_refuses() {
    check(&format!(
        "
        {SIGNED}
        B revoke
          A + Success «Подписан контрагентом» [SIGNED]
          B - Warning «Ожидается аннулирование» [receipt SIGNED]
        deliver
          A - Warning «Требуется аннулирование» [SIGNED]
          B - Warning «Ожидается аннулирование» [receipt SIGNED]
        A disagree
          A - Warning «Требуется аннулирование» [SIGNED]
          B - Warning «Ожидается аннулирование» [receipt SIGNED]
        deliver
          A + Success «Подписан контрагентом. Отказано в аннулировании» [SIGNED]
          B + Success «Подписан. Отказано в аннулировании» [receipt SIGNED]
        A revoke
          A - Warning «Ожидается аннулирование» [SIGNED]
          B + Success «Подписан. Отказано в аннулировании» [receipt SIGNED]
        deliver
          A - Warning «Ожидается аннулирование» [SIGNED]
          B - Warning «Требуется аннулирование» [receipt SIGNED]
        "
    ));
}

#[test]
fn a_bad_signature_is_no_request_and_no_answer() {
    check(&format!(
        "
        {SIGNED}
        A revoke
          A - Warning «Ожидается аннулирование» [SIGNED]
          B + Success «Подписан» [receipt SIGNED]
        fail
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [receipt SIGNED]
        B revoke
          A + Success «Подписан контрагентом» [SIGNED]
          B - Warning «Ожидается аннулирование» [receipt SIGNED]
        deliver
          A - Warning «Требуется аннулирование» [SIGNED]
          B - Warning «Ожидается аннулирование» [receipt SIGNED]
        A agree
          A - Warning «Требуется аннулирование» [SIGNED]
          B - Warning «Ожидается аннулирование» [receipt SIGNED]
        fail
          A - Warning «Требуется аннулирование» [SIGNED]
          B - Warning «Ожидается аннулирование» [receipt SIGNED]
        "
    ));
}

#[test]
fn a_document_may_be_answered_while_its_revocation_is_refused() {
    check(
        "
        post request receipt
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подпись. Требуется подписать извещение о получении» [answer receipt revoke]
        B revoke
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Ожидается аннулирование» [answer receipt]
        deliver
          A - Warning «Требуется аннулирование» []
          B - Warning «Ожидается аннулирование» [answer receipt]
        A disagree
          A - Warning «Требуется аннулирование» []
          B - Warning «Ожидается аннулирование» [answer receipt]
        deliver
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении. Отказано в аннулировании» [revoke]
          B - Warning «Требуется подпись. Требуется подписать извещение о получении. Отказано в аннулировании» [answer receipt revoke]
        B sign+receipt
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении. Отказано в аннулировании» [revoke]
          B - Success «Подписан. Отказано в аннулировании» [SIGNED]
        deliver
          A + Success «Подписан контрагентом. Отказано в аннулировании» [SIGNED]
          B + Success «Подписан. Отказано в аннулировании» [SIGNED]
        ",
    );
}

#[test]
fn one_organization_revokes_at_once_until_it_signed() {
    check(
        "
        post internal request
          A - Warning «Требуется подпись» [answer receipt revoke]
        A revoke
          A + Error «Аннулирован» []
        ",
    );
    check(
        "
        post internal request
          A - Warning «Требуется подпись» [answer receipt revoke]
        A sign
          A + Success «Подписан контрагентом» [receipt SIGNED]
        A revoke
          A - Warning «Требуется аннулирование» [receipt SIGNED]
        A agree
          A + Error «Аннулирован» [SIGNED]
        ",
    );
}

#[test]
fn each_side_knows_its_part_in_a_revocation() {
    let steps = ["post request", "deliver", "B sign", "deliver", "A revoke", "deliver"];
    for (answer, end) in [("B agree", RevocationStatus::Accepted), ("B disagree", RevocationStatus::Rejected)]
    {
        let mut world = World::new();
        steps.iter().for_each(|step| world.step(step));
        let status = |world: &World, who| {
            let state = world.state(who).expect("the message is there");
            docflow(&state, document_id()).expect("the document is there").steps.revocation
        };
        assert_eq!(status(&world, Who::A), RevocationStatus::RequestedByMe);
        assert_eq!(status(&world, Who::B), RevocationStatus::RequestsMine);
        world.step(answer);
        world.step("deliver");
        assert_eq!((status(&world, Who::A), status(&world, Who::B)), (end, end));
    }
}
