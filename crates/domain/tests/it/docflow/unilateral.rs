//! Documents that nothing but a receipt answers.

use super::check;

#[test]
fn without_a_receipt() {
    for kind in
        ["wf=6 type=ProformaInvoice", "wf=6 type=ServiceDetails", "wf=9 type=XmlAcceptanceCertificate"]
    {
        check(&format!(
            "
            post {kind}
              A - Info «Отправляется» []
            deliver
              A + Info «Документооборот завершен» [revoke]
              B + Info «Документооборот завершен» [receipt revoke]
            "
        ));
    }
}

#[test]
fn with_a_receipt() {
    check(
        "
        post wf=6 type=ProformaInvoice receipt
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подписать извещение о получении» [receipt revoke]
        B receipt
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Info «Ожидается подтверждение оператора» [revoke]
        deliver
          A + Info «Документооборот завершен» [revoke]
          B + Info «Документооборот завершен» [revoke]
        ",
    );
}

#[test]
fn a_request_for_a_signature_means_nothing() {
    check(
        "
        post wf=6 request
          A - Info «Отправляется» []
        deliver
          A + Info «Документооборот завершен» [revoke]
          B + Info «Документооборот завершен» [receipt revoke]
        B approve
          A + Info «Документооборот завершен» [revoke]
          B + Info «Документооборот завершен» / Success «Согласован» [receipt revoke]
        ",
    );
}

#[test]
fn inside_one_organization() {
    check(
        "
        post internal wf=6 receipt
          A - Warning «Требуется подписать извещение о получении» [receipt revoke]
        B receipt
          A + Info «Документооборот завершен» [revoke]
        ",
    );
}
