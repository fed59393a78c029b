//! Webhooks.

use potok_store_sql::WebhookStmt;

pub(super) const fn text(stmt: WebhookStmt) -> &'static str {
    match stmt {
        WebhookStmt::Add => {
            "INSERT INTO webhooks (box_id, id, made_at, url, secret, old_secrets, user_id, department, state, due_at, reason, position, failures,
                    failing_since, turn, attempts)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
                    ?9, ?10, ?11, ?12, ?13, ?14, ?15, 0
             WHERE (SELECT count(*) FROM webhooks WHERE box_id = ?1) < ?16"
        }
        WebhookStmt::OfBox => {
            "SELECT box_id, id, made_at, url, secret, old_secrets, user_id, department, state, due_at, reason, position, failures,
                    failing_since, turn
             FROM webhooks WHERE box_id = ?1 ORDER BY made_at, id"
        }
        WebhookStmt::One => {
            "SELECT box_id, id, made_at, url, secret, old_secrets, user_id, department, state, due_at, reason, position, failures,
                    failing_since, turn
             FROM webhooks WHERE box_id = ?1 AND id = ?2"
        }
        WebhookStmt::Change => {
            "UPDATE webhooks SET turn = ?4, url = ?5, secret = ?6, old_secrets = ?7, user_id = ?8, department = ?9, state = ?10,
                 due_at = ?11, reason = ?12, position = ?13, failures = ?14, failing_since = ?15
             WHERE box_id = ?1 AND id = ?2 AND turn = ?3"
        }
        WebhookStmt::Remove => "DELETE FROM webhooks WHERE box_id = ?1 AND id = ?2",
        WebhookStmt::RemoveAttempts => "DELETE FROM webhook_attempts WHERE box_id = ?1 AND webhook = ?2",
        WebhookStmt::Attempts => {
            "SELECT event_id, at, milliseconds, status, error FROM webhook_attempts
             WHERE box_id = ?1 AND webhook = ?2 ORDER BY number DESC LIMIT ?3"
        }

        WebhookStmt::Boxes => "SELECT DISTINCT box_id FROM webhooks WHERE due_at IS NOT NULL",
        WebhookStmt::WaitingOfBox => {
            "SELECT box_id, id FROM webhooks w
             WHERE box_id = ?1 AND due_at <= ?2
                 AND EXISTS (SELECT 1 FROM feed f WHERE f.box_id = w.box_id AND f.key > w.position)
             ORDER BY due_at, id LIMIT ?3"
        }
        WebhookStmt::Waiting => {
            "SELECT box_id, id FROM webhooks w
             WHERE due_at <= ?1 AND EXISTS (SELECT 1 FROM feed f WHERE f.box_id = w.box_id AND f.key > w.position)
             ORDER BY due_at, box_id, id LIMIT ?2"
        }
        WebhookStmt::Lease => {
            "UPDATE webhooks SET due_at = ?4, turn = turn + 1 WHERE box_id = ?1 AND id = ?2 AND due_at <= ?3"
        }
        WebhookStmt::Renew => {
            "UPDATE webhooks SET due_at = ?4 WHERE box_id = ?1 AND id = ?2 AND turn = ?3 AND due_at IS NOT NULL"
        }
        WebhookStmt::Note => {
            "UPDATE webhooks SET state = ?4, due_at = ?5, reason = ?6, position = ?7, failures = ?8, failing_since = ?9,
                 attempts = attempts + ?10
             WHERE box_id = ?1 AND id = ?2 AND turn = ?3 AND due_at IS NOT NULL"
        }
        WebhookStmt::PutAttempt => {
            "INSERT INTO webhook_attempts
                 (box_id, webhook, slot, number, event_id, at, milliseconds, status, error)
             SELECT box_id, id, attempts % ?3, attempts, ?4, ?5, ?6, ?7, ?8
             FROM webhooks WHERE box_id = ?1 AND id = ?2
             ON CONFLICT (box_id, webhook, slot) DO UPDATE SET number = excluded.number, event_id = excluded.event_id,
                 at = excluded.at, milliseconds = excluded.milliseconds, status = excluded.status, error = excluded.error"
        }
        WebhookStmt::FreeAll => "UPDATE webhooks SET due_at = ?1 WHERE due_at > ?1",
        WebhookStmt::Count => "SELECT state, count(*) FROM webhooks GROUP BY state",
    }
}
