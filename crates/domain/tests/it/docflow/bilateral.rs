//! Documents that a signature answers.

use super::check;

#[test]
fn not_sent_yet() {
    check(
        "
        post unsent request
          A - Warning «Требуется подписать и отправить» [sign]
        A sign
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        ",
    );
    check(
        "
        post draft
          A - Info «Черновик» [sign]
        ",
    );
    check(
        "
        post template
          A - Warning «Ожидается создание документа» [sign]
        deliver
          A - Warning «Ожидается создание документа» [sign]
          B - Warning «Требуется создать документ» []
        ",
    );
}

#[test]
fn the_senders_signature_is_bad() {
    check(
        "
        post request
          A - Info «Отправляется» []
        fail
          A - Error «Ошибка в подписи» [sign]
        A sign
          A - Info «Отправляется» []
        fail
          A - Error «Ошибка в подписи» [sign]
        A sign
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        ",
    );
}

#[test]
fn nothing_is_requested() {
    check(
        "
        post
          A - Info «Отправляется» []
        deliver
          A + Info «Документооборот завершен» [revoke]
          B + Info «Документооборот завершен» [answer receipt revoke]
        B sign
          A + Info «Документооборот завершен» [revoke]
          B + Success «Подписан» [receipt SIGNED]
        deliver
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [receipt SIGNED]
        ",
    );
    check(
        "
        post
          A - Info «Отправляется» []
        deliver
          A + Info «Документооборот завершен» [revoke]
          B + Info «Документооборот завершен» [answer receipt revoke]
        B refuse
          A + Info «Документооборот завершен» [revoke]
          B + Error «Отказано в подписи» [receipt revoke REFUSED]
        deliver
          A + Error «Контрагент отказал в подписи» [revoke REFUSED]
          B + Error «Отказано в подписи» [receipt revoke REFUSED]
        ",
    );
}

#[test]
fn a_signature_is_requested_and_given() {
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
        ",
    );
}

#[test]
fn a_signature_is_requested_and_refused() {
    for refuse in ["refuse", "refuse-plainly"] {
        check(&format!(
            "
            post request
              A - Info «Отправляется» []
            deliver
              A - Warning «Ожидается подпись контрагента» [revoke]
              B - Warning «Требуется подпись» [answer receipt revoke]
            B {refuse}
              A - Warning «Ожидается подпись контрагента» [revoke]
              B - Error «Отказано в подписи» [receipt revoke REFUSED]
            deliver
              A + Error «Контрагент отказал в подписи» [revoke REFUSED]
              B + Error «Отказано в подписи» [receipt revoke REFUSED]
            "
        ));
    }
}

#[test]
fn a_bad_answer_stays_with_its_author_who_may_answer_again() {
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
        fail
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Error «Ошибка в подписи» [answer receipt revoke]
        B refuse
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Error «Отказано в подписи» [receipt revoke REFUSED]
        fail
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Error «Ошибка в подписи» [answer receipt revoke]
        B sign
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Success «Подписан» [receipt SIGNED]
        deliver
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [receipt SIGNED]
        ",
    );
}

#[test]
fn a_receipt_is_requested() {
    check(
        "
        post receipt
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подписать извещение о получении» [answer receipt revoke]
        B receipt
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Info «Ожидается подтверждение оператора» [answer revoke]
        deliver
          A + Info «Документооборот завершен» [revoke]
          B + Info «Документооборот завершен» [answer revoke]
        ",
    );
}

#[test]
fn a_bad_receipt_is_still_owed() {
    check(
        "
        post receipt
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подписать извещение о получении» [answer receipt revoke]
        B receipt
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Info «Ожидается подтверждение оператора» [answer revoke]
        fail
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подписать извещение о получении» [answer receipt revoke]
        ",
    );
}

#[test]
fn both_are_requested_and_the_signature_comes_first() {
    check(
        "
        post request receipt
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подпись. Требуется подписать извещение о получении» [answer receipt revoke]
        B sign
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Подписан. Требуется подписать извещение о получении» [receipt SIGNED]
        deliver
          A - Warning «Подписан контрагентом. Ожидается извещение о получении» [SIGNED]
          B - Warning «Подписан. Требуется подписать извещение о получении» [receipt SIGNED]
        B receipt
          A - Warning «Подписан контрагентом. Ожидается извещение о получении» [SIGNED]
          B - Success «Подписан» [SIGNED]
        deliver
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [SIGNED]
        ",
    );
}

#[test]
fn both_are_requested_and_the_receipt_comes_first() {
    check(
        "
        post request receipt
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подпись. Требуется подписать извещение о получении» [answer receipt revoke]
        B receipt
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подпись» [answer revoke]
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer revoke]
        B sign
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Success «Подписан» [SIGNED]
        deliver
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [SIGNED]
        ",
    );
}

#[test]
fn both_are_requested_and_come_at_once() {
    check(
        "
        post request receipt
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подпись. Требуется подписать извещение о получении» [answer receipt revoke]
        B sign+receipt
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Success «Подписан» [SIGNED]
        deliver
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [SIGNED]
        ",
    );
}

#[test]
fn a_refusal_leaves_the_receipt_owed() {
    check(
        "
        post request receipt
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подпись. Требуется подписать извещение о получении» [answer receipt revoke]
        B refuse
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Error «Отказано в подписи. Требуется подписать извещение» [receipt revoke REFUSED]
        deliver
          A - Error «Контрагент отказал в подписи. Ожидается извещение о получении» [revoke REFUSED]
          B - Error «Отказано в подписи. Требуется подписать извещение» [receipt revoke REFUSED]
        B receipt
          A - Error «Контрагент отказал в подписи. Ожидается извещение о получении» [revoke REFUSED]
          B - Error «Отказано в подписи» [revoke REFUSED]
        deliver
          A + Error «Контрагент отказал в подписи» [revoke REFUSED]
          B + Error «Отказано в подписи» [revoke REFUSED]
        ",
    );
}

#[test]
fn approvals_change_nothing_but_what_is_said_of_approval() {
    check(
        "
        post request
          A - Info «Отправляется» []
        A approve
          A - Info «Отправляется» / Success «Согласован» []
        deliver
          A - Warning «Ожидается подпись контрагента» / Success «Согласован» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        deliver
          A - Warning «Ожидается подпись контрагента» / Success «Согласован» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        B approve
          A - Warning «Ожидается подпись контрагента» / Success «Согласован» [revoke]
          B - Warning «Требуется подпись» / Success «Согласован» [answer receipt revoke]
        deliver
          A - Warning «Ожидается подпись контрагента» / Success «Согласован» [revoke]
          B - Warning «Требуется подпись» / Success «Согласован» [answer receipt revoke]
        ",
    );
    check(
        "
        post unsent
          A - Warning «Требуется подписать и отправить» [sign]
        A approve
          A - Warning «Требуется подписать и отправить» / Success «Согласован» [sign]
        ",
    );
}

#[test]
fn the_workflow_demands_what_nobody_asked_for() {
    check(
        "
        post wf=2 type=Contract
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        ",
    );
    check(
        "
        post wf=14
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подпись. Требуется подписать извещение о получении» [answer receipt revoke]
        B sign+receipt
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Success «Подписан» [SIGNED]
        deliver
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [SIGNED]
        ",
    );
    check(
        "
        post wf=7 type=TrustConnectionRequest
          A - Info «Отправляется» []
        deliver
          A + Info «Документооборот завершен» [revoke]
          B + Info «Документооборот завершен» [answer receipt revoke]
        ",
    );
}

#[test]
fn inside_one_organization_there_is_no_way_to_go() {
    check(
        "
        post internal
          A + Info «Документооборот завершен» [answer receipt revoke]
        ",
    );
    check(
        "
        post internal unsent request
          A - Warning «Требуется подписать и отправить» [sign]
        A sign
          A - Warning «Требуется подпись» [answer receipt revoke]
        ",
    );
    check(
        "
        post internal request receipt
          A - Warning «Требуется подпись. Требуется подписать извещение о получении» [answer receipt revoke]
        B sign
          A - Warning «Подписан. Требуется подписать извещение о получении» [receipt SIGNED]
        B receipt
          A + Success «Подписан контрагентом» [SIGNED]
        ",
    );
    check(
        "
        post internal request
          A - Warning «Требуется подпись» [answer receipt revoke]
        B refuse
          A + Error «Контрагент отказал в подписи» [receipt revoke REFUSED]
        ",
    );
}
