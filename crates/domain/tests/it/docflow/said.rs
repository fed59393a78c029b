//! Universal messages, which take the place of receipts, amendment requests and refusals, and have no signatures.

use potok_domain::docflow::docflow;

use super::check;
use crate::script::{Who, World, document_id};

#[test]
fn a_message_is_a_receipt() {
    check(
        "
        post type=Invoice wf=17
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подписать извещение о получении» [receipt revoke]
        B say 1999
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Info «Ожидается подтверждение оператора» []
        confirm document
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Info «Ожидается подтверждение оператора» []
        deliver
          A + Info «Документооборот завершен» []
          B + Info «Документооборот завершен» []
        ",
    );
}

#[test]
fn a_message_is_a_refusal() {
    check(
        "
        post type=UniversalTransferDocument function=ДОП version=utd970_05_03_01 wf=19
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        confirm document
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        B say 3999
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Error «Отказано в подписи» [receipt revoke REFUSED]
        deliver
          A + Error «Контрагент отказал в подписи» [revoke REFUSED]
          B + Error «Отказано в подписи» [receipt revoke REFUSED]
        ",
    );
}

#[test]
fn a_message_asks_for_an_amendment_and_nobody_acknowledges_it() {
    check(
        "
        post type=XmlTorg12 wf=3
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        B say 2999
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись. Ожидается уточнение» [answer receipt revoke AMENDED]
        deliver
          A - Warning «Ожидается подпись контрагента. Требуется уточнение» [revoke AMENDED]
          B - Warning «Требуется подпись. Ожидается уточнение» [answer receipt revoke AMENDED]
        ",
    );
}

#[test]
fn a_message_refuses_a_revocation() {
    check(
        "
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
        A revoke
          A - Warning «Ожидается аннулирование» [SIGNED]
          B + Success «Подписан» [receipt SIGNED]
        deliver
          A - Warning «Ожидается аннулирование» [SIGNED]
          B - Warning «Требуется аннулирование» [receipt SIGNED]
        B say 3999 on request
          A - Warning «Ожидается аннулирование» [SIGNED]
          B - Warning «Требуется аннулирование» [receipt SIGNED]
        deliver
          A + Success «Подписан контрагентом. Отказано в аннулировании» [SIGNED]
          B + Success «Подписан. Отказано в аннулировании» [receipt SIGNED]
        ",
    );
}

#[test]
fn what_is_said_aside_changes_nothing() {
    let quiet = "post request receipt\n deliver";
    let before = World::after(quiet);
    let said = World::after(&format!("{quiet}\n B say 4002\n deliver\n B say 3999 aside\n deliver"));
    for who in [Who::A, Who::B] {
        let (before, after) =
            (before.state(who).expect("it is there"), said.state(who).expect("it is there"));
        let before = docflow(&before, document_id()).expect("it is there");
        let after = docflow(&after, document_id()).expect("it is there");
        assert_eq!(super::line(&before), super::line(&after));
        assert_eq!(after.facts.out_of_workflow.len(), 2);
    }
}

#[test]
fn of_two_receipts_the_first_counts() {
    let world = World::after("post receipt\n deliver\n B say 1999\n deliver\n B say 1999\n deliver");
    let state = world.state(Who::A).expect("it is there");
    let flow = docflow(&state, document_id()).expect("it is there");
    let receipt = flow.facts.receipt.expect("it was given").signed.file.entity.id;
    assert_eq!(flow.facts.out_of_workflow.len(), 1);
    assert!(receipt < flow.facts.out_of_workflow[0].entity.id);
}
