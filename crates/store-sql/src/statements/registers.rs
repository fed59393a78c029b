//! Statements of registers and of what organizations keep here.

use super::statements;

statements! {
    /// Other operators, participants, addresses, values by keys, signers, certificates for invoices.
    RegisterStmt {
        /// All operators, by id.
        Operators() -> (fns_id, name, is_active, features, box_id);
        /// Adds an operator, or replaces the one with its id.
        PutOperator(fns_id, name, is_active, features, box_id);
        /// Deletes an operator.
        DeleteOperator(fns_id);
        /// A participant by its folded id.
        Participant(id_folded) -> (id, inn, kpp, full_name, is_closed);
        /// Participants with an INN, by folded id.
        ParticipantsByInn(inn) -> (id, inn, kpp, full_name, is_closed);
        /// Adds a participant, or replaces the one with its folded id.
        PutParticipant(id_folded, id, inn, kpp, full_name, is_closed);
        /// Deletes a participant.
        DeleteParticipant(id_folded);
        /// An object of the register of addresses.
        GarObject(key) -> (key, fias_id, zip_code);
        /// Adds an object, or replaces the one with its key.
        PutGarObject(key, fias_id, zip_code);

        /// The value of a key.
        KeyValue(box_id, key) -> (value);
        /// How many keys there are.
        CountKeys(box_id) -> (count);
        /// Adds a value, or replaces that of its key.
        PutKeyValue(box_id, key, value);

        /// What is said of the holder of a certificate for a kind of title.
        Signer(box_id, thumbprint, title)
            -> (job_title, registration_certificate, signer_type, signer_info, powers, status, powers_base,
                org_powers_base);
        /// Says it, also in the place of what was said before.
        PutSigner(box_id, thumbprint, title, job_title, registration_certificate, signer_type, signer_info, powers,
            status, powers_base, org_powers_base, changed_by, changed_at);

        /// A row when a certificate is registered for invoices.
        InvoiceCertificate(box_id, hash) -> (one);
        /// Registers a certificate, unless it is.
        PutInvoiceCertificate(box_id, hash, registered_by, registered_at);
    }
}
