//! What has been read.

use potok_stories::Who;
use potok_translate::docflow::V4;

use crate::rows::check_rows;
use crate::shown::seen;

#[test]
fn messages_of_the_other_side_are_unread_until_something_is_answered() {
    let said = "post Nonformalized; deliver; B says 4002 d1; deliver";
    let view = |steps: &str, who| (format!("{who:?} after {steps}"), seen(steps, who).docflow::<V4>());
    check_rows(
        &[view(said, Who::B), view(said, Who::A), view(&format!("{said}; A asks-approval d1"), Who::A)],
        "
        /DocumentInfo/HasUnreadOutOfWorkflowUniversalMessages | false | true | false
        /Docflow/SenderTitle/OutOfWorkflowUniversalMessageDocflow/Messages/0/IsRead | true | false | true
        ",
    );
}
