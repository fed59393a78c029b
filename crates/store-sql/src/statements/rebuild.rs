//! Statements by which read models are compared with the journal and made again.

use super::statements;

statements! {
    /// What is kept beside the journal.
    RebuildStmt {
        /// The first box behind one that has events or anything kept for readers; one row, which may be empty.
        NextBox(after) -> (box_id);
        /// Messages of a box behind one, by id.
        Messages(box_id, after, limit) -> (message_id);
        /// How many messages all boxes have.
        CountMessages() -> (count);
        /// The events of a message in order, with their rows of the feed, whose columns are empty where there is none.
        Events(box_id, message_id) -> (id, event_id, ready, event, at, message_type, profile);
        /// The row in the journal of an event of a message, and its key.
        EventRow(box_id, event_id) -> (id, key);
        /// Replaces the ready bytes of an event.
        ReplaceReady(box_id, event, ready);

        /// A profile of the feed and its documents, by number; one row with empty columns where it has none.
        FeedProfile(box_id, profile) -> (message_type, number, type_named_id, direction, counteragent, department);
        /// Who was asked about the documents of a profile of the feed, by their numbers.
        FeedProfileAsked(box_id, profile) -> (number, kind, addressee);
        /// Replaces the kind of message of a profile of the feed.
        ReplaceFeedProfile(box_id, profile, message_type);
        /// Deletes the documents of a profile of the feed.
        DeleteFeedProfileDocuments(box_id, profile);
        /// Deletes who was asked about the documents of a profile of the feed.
        DeleteFeedProfileAsked(box_id, profile);
        /// Rows of the feed behind a key, each with the key of its event, which is empty where there is no event.
        FeedRows(box_id, after, limit)
            -> (key, at, message_type, profile, seq, letters, drafts, nth, max_lead, max_lag, key_of_event);
        /// Replaces the running totals of a row of the feed.
        ReplaceTotals(box_id, key, seq, letters, drafts, nth, max_lead, max_lag);
        /// Deletes a row of the feed.
        DeleteFeedRow(box_id, key);

        /// The row of each document of a message, with its words.
        Documents(box_id, message_id)
            -> (id, entity_id, profile, created_at, listed_at, date, counteragent, number, file_name, total_sum, custom_id,
                packet, packet_since, digest, words_digest, tokens);
        /// A profile of documents.
        DocumentProfile(box_id, profile)
            -> (profile, statuses, type_named_id, message_type, direction, has_proxy, is_deleted, is_sent, department,
                from_department, to_department);
        /// Replaces a profile of documents.
        ReplaceDocumentProfile(box_id, profile, statuses, type_named_id, message_type, direction, has_proxy, is_deleted,
            is_sent, department, from_department, to_department);
        /// The tags of a document.
        Tags(box_id, document) -> (key, value, created_at);
        /// Who was asked about a document.
        AskedOf(box_id, document) -> (kind, addressee, profile, listed_at, entity_id, date);
        /// Deletes the row of a document.
        DeleteDocument(box_id, document);
        /// A link between documents is there.
        HasLink(box_id, base_message, base_entity, referrer_message, referrer_entity) -> (one);

        /// The box has an event of any stream.
        HasEvents(box_id) -> (one);
        /// Rows of documents behind a place; the last column is empty where the box does not have the message.
        DocumentsBehind(box_id, message_id, entity_id, limit) -> (message_id, entity_id, id, revision);
        /// Words under which documents are found, behind a place, each with the document and its own words; those columns
        /// are empty where the document is not there.
        TokensBehind(box_id, token, scope, created_at, document, limit)
            -> (token, scope, created_at, document, its_created_at, its_direction, is_deleted, its_tokens);
        /// Tags behind a place; the last column is empty where the document is not there.
        TagsBehind(box_id, key, value, created_at, document, limit) -> (key, value, created_at, document, id);
        /// Who was asked about documents, behind a place; the last column is empty where the document is not there.
        AskedBehind(box_id, kind, addressee, profile, listed_at, entity_id, document, limit)
            -> (kind, addressee, profile, listed_at, entity_id, document, id);
        /// Lists of words of all boxes behind one, in the order of the dialect; the last column is empty where the document is
        /// not there.
        WordsBehind(document, its_box, limit) -> (document, its_box, id);
        /// Links behind a place.
        LinksBehind(box_id, base_message, base_entity, referrer_message, referrer_entity, limit)
            -> (base_message, base_entity, referrer_message, referrer_entity);
        /// Profiles of the feed that no event has.
        UnusedFeedProfiles(box_id) -> (profile);
        /// Profiles that have documents, or people who were asked about them, and are not there themselves.
        FeedProfilesOfDocumentsOnly(box_id) -> (profile);
        /// Profiles of documents with their digests.
        DocumentProfiles(box_id)
            -> (profile, statuses, type_named_id, message_type, direction, has_proxy, is_deleted, is_sent, department,
                from_department, to_department, digest);
        /// Deletes a row of a document of a message that the box does not have.
        DeleteStrayDocument(box_id, document);
        /// Deletes a list of words, whatever its box.
        DeleteStrayWords(document, its_box);
        /// Deletes a tag.
        DeleteStrayTag(box_id, key, value, created_at, document);
        /// Deletes that somebody was asked about a document.
        DeleteStrayAsked(box_id, kind, addressee, profile, listed_at, entity_id, document);
        /// Deletes a profile of the feed that no event has.
        DeleteStrayFeedProfile(box_id, profile);
        /// Deletes documents of a profile of the feed that is not there.
        DeleteStrayFeedProfileDocuments(box_id, profile);
        /// Deletes who was asked about documents of a profile of the feed that is not there.
        DeleteStrayFeedProfileAsked(box_id, profile);
        /// Deletes a profile of documents that no document has.
        DeleteStrayDocumentProfile(box_id, profile);
        /// Deletes a link.
        DeleteLink(box_id, base_message, base_entity, referrer_message, referrer_entity);

        /// Streams of a box that lack some of their events, with how many there are and the revision of the last.
        StreamGaps(box_id) -> (kind, stream_id, events, revision);
        /// Places in the feed of a box before which something is missing.
        FeedGaps(box_id, limit) -> (key);
        /// Events of messages of a box that have no place in its feed.
        NotInFeed(box_id, limit) -> (event_id);
        /// Events of a box behind a key, in the order in which they were written; those of messages by their places in the feed.
        EventsBehind(box_id, after, limit) -> (key, kind, stream_id, revision, event_id, stored);
        /// Contents that live beside the events of a box, behind one.
        SmallContents(box_id, after, limit) -> (hash, bytes);

        /// Where a rebuild stands.
        Place() -> (its_box, message_id, messages, differences);
        /// Remembers where a rebuild stands.
        PutPlace(its_box, message_id, messages, differences);
        /// Forgets where a rebuild stands.
        DeletePlace();
    }
}
