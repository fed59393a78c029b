//! Registers, and what organizations keep here.

use potok_store_sql::RegisterStmt;

pub(super) const fn text(stmt: RegisterStmt) -> &'static str {
    match stmt {
        RegisterStmt::Operators => {
            "SELECT fns_id, name, is_active, features, box_id FROM roaming_operators ORDER BY fns_id"
        }
        RegisterStmt::PutOperator => {
            "INSERT OR REPLACE INTO roaming_operators (fns_id, name, is_active, features, box_id)
             VALUES (?1, ?2, ?3, ?4, ?5)"
        }
        RegisterStmt::DeleteOperator => "DELETE FROM roaming_operators WHERE fns_id = ?1",
        RegisterStmt::Participant => {
            "SELECT id, inn, kpp, full_name, is_closed FROM participants WHERE id_folded = ?1"
        }
        RegisterStmt::ParticipantsByInn => {
            "SELECT id, inn, kpp, full_name, is_closed FROM participants WHERE inn = ?1 ORDER BY id_folded"
        }
        RegisterStmt::PutParticipant => {
            "INSERT OR REPLACE INTO participants (id_folded, id, inn, kpp, full_name, is_closed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        }
        RegisterStmt::DeleteParticipant => "DELETE FROM participants WHERE id_folded = ?1",
        RegisterStmt::GarObject => "SELECT key, fias_id, zip_code FROM gar_objects WHERE key = ?1",
        RegisterStmt::PutGarObject => {
            "INSERT OR REPLACE INTO gar_objects (key, fias_id, zip_code) VALUES (?1, ?2, ?3)"
        }

        RegisterStmt::KeyValue => "SELECT value FROM key_values WHERE box_id = ?1 AND key = ?2",
        RegisterStmt::CountKeys => "SELECT count(*) FROM key_values WHERE box_id = ?1",
        RegisterStmt::PutKeyValue => {
            "INSERT OR REPLACE INTO key_values (box_id, key, value) VALUES (?1, ?2, ?3)"
        }

        RegisterStmt::Signer => {
            "SELECT job_title, registration_certificate, signer_type, signer_info, powers, status, powers_base,
                    org_powers_base
             FROM signers WHERE box_id = ?1 AND thumbprint = ?2 AND title = ?3"
        }
        RegisterStmt::PutSigner => {
            "INSERT OR REPLACE INTO signers (box_id, thumbprint, title, job_title, registration_certificate,
                                             signer_type, signer_info, powers, status, powers_base, org_powers_base,
                                             changed_by, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
        }

        RegisterStmt::InvoiceCertificate => {
            "SELECT 1 FROM invoice_certificates WHERE box_id = ?1 AND hash = ?2"
        }
        RegisterStmt::PutInvoiceCertificate => {
            "INSERT INTO invoice_certificates (box_id, hash, registered_by, registered_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (box_id, hash) DO NOTHING"
        }
    }
}
