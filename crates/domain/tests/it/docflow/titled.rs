//! Documents that a title answers.

use super::check;

#[test]
fn a_title_answers() {
    for workflow in [3, 11] {
        check(&format!(
            "
            post type=XmlTorg12 wf={workflow}
              A - Info «Отправляется» []
            deliver
              A - Warning «Ожидается подпись контрагента» [revoke]
              B - Warning «Требуется подпись» [answer receipt revoke]
            B title
              A - Warning «Ожидается подпись контрагента» [revoke]
              B - Success «Подписан» [receipt SIGNED]
            deliver
              A + Success «Подписан контрагентом» [SIGNED]
              B + Success «Подписан» [receipt SIGNED]
            "
        ));
    }
}

#[test]
fn a_title_answers_with_disagreements() {
    check(
        "
        post type=XmlAcceptanceCertificate wf=8
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer revoke]
        B title partly
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Success «Подписан с разногласиями» [SIGNED]
        deliver
          A + Success «Подписан с разногласиями» [SIGNED]
          B + Success «Подписан с разногласиями» [SIGNED]
        ",
    );
}

#[test]
fn a_titles_bad_signature_lets_its_author_try_again() {
    check(
        "
        post type=XmlTorg12 wf=3
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        B title
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Success «Подписан» [receipt SIGNED]
        fail
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Error «Ошибка в подписи» [answer receipt revoke]
        B title
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Success «Подписан» [receipt SIGNED]
        deliver
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [receipt SIGNED]
        ",
    );
}

#[test]
fn the_sender_acknowledges_the_title_when_it_was_asked_to() {
    check(
        "
        post type=XmlTorg12 wf=3
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        B title asks-receipt
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Подписан. Ожидается извещение о получении» [receipt SIGNED]
        deliver
          A - Warning «Подписан контрагентом. Требуется подписать извещение о получении» [SIGNED]
          B - Warning «Подписан. Ожидается извещение о получении» [receipt SIGNED]
        A receipt on title
          A - Success «Подписан контрагентом» [SIGNED]
          B - Warning «Подписан. Ожидается извещение о получении» [receipt SIGNED]
        deliver
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [receipt SIGNED]
        ",
    );
}

#[test]
fn a_universal_document_of_both_functions() {
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
        B title
          A - Warning «Ожидается подпись контрагента» []
          B - Success «Подписан» [SIGNED]
        deliver
          A - Success «Подписан контрагентом» [SIGNED]
          B - Success «Подписан» [SIGNED]
        confirm answer
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [SIGNED]
        ",
    );
}

#[test]
fn a_universal_document_whose_title_wants_a_receipt() {
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
        B title asks-receipt
          A - Warning «Ожидается основная подпись. Ожидается извещение о получении» [revoke]
          B - Warning «Подписан. Ожидается извещение о получении. Требуется подписать извещение о получении» [receipt SIGNED]
        deliver
          A - Warning «Подписан контрагентом. Ожидается извещение о получении. Требуется подписать извещение о получении» [SIGNED]
          B - Warning «Подписан. Ожидается извещение о получении. Требуется подписать извещение о получении» [receipt SIGNED]
        confirm answer
          A - Warning «Подписан контрагентом. Ожидается извещение о получении. Требуется подписать извещение о получении» [SIGNED]
          B - Warning «Подписан. Ожидается извещение о получении. Требуется подписать извещение о получении» [receipt SIGNED]
        B receipt
          A - Warning «Подписан контрагентом. Ожидается извещение о получении. Требуется подписать извещение о получении» [SIGNED]
          B - Warning «Подписан. Ожидается извещение о получении» [SIGNED]
        deliver
          A - Warning «Подписан контрагентом. Требуется подписать извещение о получении» [SIGNED]
          B - Warning «Подписан. Ожидается извещение о получении» [SIGNED]
        confirm receipt
          A - Warning «Подписан контрагентом. Требуется подписать извещение о получении» [SIGNED]
          B - Warning «Подписан. Ожидается извещение о получении» [SIGNED]
        A receipt on title
          A - Success «Подписан контрагентом» [SIGNED]
          B - Warning «Подписан. Ожидается извещение о получении» [SIGNED]
        deliver
          A - Success «Подписан контрагентом» [SIGNED]
          B - Success «Подписан» [SIGNED]
        confirm title-receipt
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [SIGNED]
        ",
    );
}

#[test]
fn one_organization_writes_both_titles() {
    check(
        "
        post internal type=XmlTorg12 wf=3
          A - Warning «Требуется подпись» [answer receipt revoke]
        A title asks-receipt
          A - Warning «Подписан контрагентом. Требуется подписать извещение о получении» [receipt SIGNED]
        A receipt on title
          A + Success «Подписан контрагентом» [receipt SIGNED]
        ",
    );
}
