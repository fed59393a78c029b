//! Documents whose transmission the operator confirms.

use super::check;

#[test]
fn an_invoice_of_today() {
    for workflow in [15, 17] {
        check(&format!(
            "
            post type=Invoice wf={workflow}
              A - Info «Отправляется» []
            deliver
              A - Warning «Ожидается извещение о получении» [revoke]
              B - Warning «Требуется подписать извещение о получении» [receipt revoke]
            confirm document
              A - Warning «Ожидается извещение о получении» [revoke]
              B - Warning «Требуется подписать извещение о получении» [receipt revoke]
            B receipt
              A - Warning «Ожидается извещение о получении» [revoke]
              B - Info «Ожидается подтверждение оператора» []
            deliver
              A - Info «Ожидается подтверждение оператора» []
              B - Info «Ожидается подтверждение оператора» []
            confirm receipt
              A + Info «Документооборот завершен» []
              B + Info «Документооборот завершен» []
            "
        ));
    }
}

#[test]
fn an_invoice_of_old_where_every_confirmation_is_acknowledged() {
    for workflow in [4, 10] {
        check(&format!(
            "
            post type=Invoice wf={workflow}
              A - Info «Отправляется» []
            deliver
              A - Warning «Ожидается извещение о получении» [revoke]
              B - Warning «Требуется подписать извещение о получении» [receipt revoke]
            confirm document
              A - Warning «Ожидается извещение о получении. Требуется подписать извещение о получении» [revoke]
              B - Warning «Требуется подписать извещение о получении» [receipt revoke]
            A acknowledge
              A - Warning «Ожидается извещение о получении» [revoke]
              B - Warning «Требуется подписать извещение о получении» [receipt revoke]
            B acknowledge
              A - Warning «Ожидается извещение о получении» [revoke]
              B - Warning «Требуется подписать извещение о получении» [receipt revoke]
            B receipt
              A - Warning «Ожидается извещение о получении» [revoke]
              B - Info «Ожидается подтверждение оператора» []
            deliver
              A + Info «Документооборот завершен» []
              B - Info «Ожидается подтверждение оператора» []
            confirm receipt to B
              A + Info «Документооборот завершен» []
              B - Warning «Требуется подписать извещение о получении» []
            B acknowledge
              A + Info «Документооборот завершен» []
              B + Info «Документооборот завершен» []
            "
        ));
    }
}

#[test]
fn a_universal_document_that_is_refused() {
    check(
        "
        post type=UniversalTransferDocument function=СЧФДОП version=utd970_05_03_01 wf=18
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подпись. Требуется подписать извещение о получении» [answer receipt revoke]
        confirm document
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подпись. Требуется подписать извещение о получении» [answer receipt revoke]
        B receipt
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подпись» [answer]
        deliver
          A - Warning «Ожидается подпись контрагента» []
          B - Warning «Требуется подпись» [answer]
        confirm receipt
          A - Warning «Ожидается подпись контрагента» []
          B - Warning «Требуется подпись» [answer]
        B refuse
          A - Warning «Ожидается подпись контрагента» []
          B - Error «Отказано в подписи» [REFUSED]
        deliver
          A - Error «Контрагент отказал в подписи» [REFUSED]
          B - Error «Отказано в подписи» [REFUSED]
        confirm answer
          A + Error «Контрагент отказал в подписи» [REFUSED]
          B + Error «Отказано в подписи» [REFUSED]
        ",
    );
}

#[test]
fn a_title_is_awaited() {
    for workflow in [3, 11, 8] {
        check(&format!(
            "
            post type=XmlTorg12 wf={workflow}
              A - Info «Отправляется» []
            deliver
              A - Warning «Ожидается подпись контрагента» [revoke]
              B - Warning «Требуется подпись» [{} revoke]
            ",
            if workflow == 8 { "answer" } else { "answer receipt" }
        ));
    }
}
