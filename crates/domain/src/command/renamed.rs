//! Parts of commands whose bytes get other names: those of kept contents in place of what the request gave.

use super::{
    NewCancellation, NewDenial, NewDocument, NewEdition, NewResolution, NewResolutionRequest, NewRouteStep,
    NewService, NewSignature, NewStructuredData, NewTagChange, NewUniversalMessage, NewVerification,
    PowerToAttach, Prepared, PreparedTitle,
};

/// `Name { bytes } and { the rest }`: what changes its type, and what stays as it is.
macro_rules! renamed {
    ($($name:ident { $($bytes:ident: $type:ty),+ } and { $($rest:ident),+ })*) => {$(
        impl<S> $name<S> {
            /// The same, with these names of its bytes.
            #[must_use]
            pub fn with_bytes<T>(self, $($bytes: $type),+) -> $name<T> {
                let Self { $($bytes: _,)+ $($rest),+ } = self;
                $name { $($bytes,)+ $($rest),+ }
            }
        }
    )*};
}

renamed! {
    NewDocument {
        content: T, signature: Option<T>, power: Option<PowerToAttach<T>>, comment: Option<T>,
        prepared_title: Option<PreparedTitle<T>>
    } and {
        path, id, need_recipient_signature, need_receipt, custom_document_id, type_named_id, function, version,
        workflow, is_encrypted, metadata, recognized, is_of_obsolete_list, tags, initial_documents,
        subordinate_documents, editing_setting, refusal_disabled, bytes_in
    }
    NewStructuredData { content: T } and { path, document, file_name }
    NewSignature { signature: T, power: Option<PowerToAttach<T>>, prepared: Option<Prepared<T>> } and {
        path, parent, is_approval, labels
    }
    NewService { content: T, signature: T, power: Option<PowerToAttach<T>> } and {
        path, parent, file_name, text, content_type_id, labels
    }
    NewResolution { comment: T } and { path, parent, decision, labels }
    NewResolutionRequest { comment: T } and { path, parent, kind, user, department, labels }
    NewCancellation { comment: T } and { path, target, is_of_denial, labels }
    NewDenial { comment: T } and { path, request, labels }
    NewRouteStep { comment: T } and { path, document, route, labels }
    NewTagChange { content: T } and { path, document, change }
    NewUniversalMessage { content: T } and {
        path, parent, code_group, affects_workflow, events, file_name, labels
    }
    NewVerification { report: T, comment: Option<T> } and { path, document, is_valid, labels }
    NewEdition { content: T, title: Option<Prepared<T>> } and { path, parent, labels }
}
