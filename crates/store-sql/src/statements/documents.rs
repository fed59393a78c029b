//! Statements of the rows of documents.

use super::statements;

statements! {
    /// Rows of documents, their profiles, words and tags. `document` is the number of a row.
    DocumentStmt {
        /// Documents of a profile behind a place in the order of time, up to an end, earliest first.
        ByTime(box_id, profile, time, entity, end, limit) -> (id, date, listed_at, entity_id, counteragent);
        /// The same, latest first.
        ByTimeDescending(box_id, profile, time, entity, end, limit)
            -> (id, date, listed_at, entity_id, counteragent);
        /// Documents of a profile behind a place in the order of their dates, up to an end, earliest first.
        ByDate(box_id, profile, time, entity, end, limit, date)
            -> (id, date, listed_at, entity_id, counteragent);
        /// The same, latest first.
        ByDateDescending(box_id, profile, time, entity, end, limit, date)
            -> (id, date, listed_at, entity_id, counteragent);
        /// As [`Self::ByTime`], exchanged with one box.
        WithByTime(box_id, profile, time, entity, end, limit, counteragent)
            -> (id, date, listed_at, entity_id, counteragent);
        /// As [`Self::ByTimeDescending`], exchanged with one box.
        WithByTimeDescending(box_id, profile, time, entity, end, limit, counteragent)
            -> (id, date, listed_at, entity_id, counteragent);
        /// As [`Self::ByDate`], exchanged with one box.
        WithByDate(box_id, profile, time, entity, end, limit, date, counteragent)
            -> (id, date, listed_at, entity_id, counteragent);
        /// As [`Self::ByDateDescending`], exchanged with one box.
        WithByDateDescending(box_id, profile, time, entity, end, limit, date, counteragent)
            -> (id, date, listed_at, entity_id, counteragent);

        /// As [`Self::ByTime`], about which somebody was asked.
        AskedByTime(box_id, profile, time, entity, end, limit, kind, addressee)
            -> (id, date, listed_at, entity_id, counteragent);
        /// As [`Self::ByTimeDescending`], about which somebody was asked.
        AskedByTimeDescending(box_id, profile, time, entity, end, limit, kind, addressee)
            -> (id, date, listed_at, entity_id, counteragent);
        /// As [`Self::ByDate`], about which somebody was asked.
        AskedByDate(box_id, profile, time, entity, end, limit, date, kind, addressee)
            -> (id, date, listed_at, entity_id, counteragent);
        /// As [`Self::ByDateDescending`], about which somebody was asked.
        AskedByDateDescending(box_id, profile, time, entity, end, limit, date, kind, addressee)
            -> (id, date, listed_at, entity_id, counteragent);

        /// How many documents of a set of profiles have their time in a closed range, counted up to a limit.
        CountByTime(box_id, profiles, low, high, limit) -> (count);
        /// How many documents of a set of profiles have their date in a closed range, counted up to a limit.
        CountByDate(box_id, profiles, low, high, limit) -> (count);
        /// As [`Self::CountByTime`], exchanged with one box.
        CountWithByTime(box_id, profiles, low, high, limit, counteragent) -> (count);
        /// As [`Self::CountByDate`], exchanged with one box.
        CountWithByDate(box_id, profiles, low, high, limit, counteragent) -> (count);
        /// As [`Self::CountByTime`], about which somebody was asked and another one was not.
        CountAskedByTime(box_id, profiles, low, high, limit, kind, addressee, other_kind, other) -> (count);
        /// As [`Self::CountByDate`], about which somebody was asked and another one was not.
        CountAskedByDate(box_id, profiles, low, high, limit, kind, addressee, other_kind, other) -> (count);
        /// The profiles of documents about which somebody was asked, sorted.
        ProfilesAsked(box_id, kind, addressee) -> (profile);
        /// The profiles of documents exchanged with a box, sorted.
        ProfilesWith(box_id, counteragent) -> (profile);

        /// Documents with a word in a scope behind a place, in the order in which they were made.
        WithToken(box_id, token, scope, created_at, document, limit)
            -> (id, listed_at, entity_id, date, profile, counteragent, created_at);
        /// Documents with a sum behind a place, up to a sum.
        WithSum(box_id, high, sum, document, limit)
            -> (id, listed_at, entity_id, date, profile, counteragent, sum);
        /// Documents with a tag of a value behind a place, in the order in which they were made.
        WithTag(box_id, key, value, created_at, document, limit)
            -> (id, listed_at, entity_id, date, profile, counteragent, created_at, value);
        /// Documents with a tag of any value behind a place, by value.
        WithTagOfAnyValue(box_id, key, value, created_at, document, limit)
            -> (id, listed_at, entity_id, date, profile, counteragent, created_at, value);

        /// Documents with a word in a scope before a place, newest first.
        NewestWithToken(box_id, token, scope, created_at, document, limit) -> (created_at, document);
        /// Documents with a tag of a value before a place, newest first.
        NewestWithTag(box_id, key, value, created_at, document, limit) -> (created_at, document);
        /// Documents with a tag of any value behind a place, by value.
        AnyWithTag(box_id, key, value, created_at, document, limit) -> (created_at, document, value);
        /// Documents of a profile before a place in the order of time, latest first.
        LatestOfProfile(box_id, profile, time, entity, limit) -> (created_at, document, listed_at, entity_id);
        /// The same of documents about which somebody was asked.
        LatestAsked(box_id, profile, time, entity, limit, kind, addressee)
            -> (created_at, document, listed_at, entity_id);

        /// What a document is called.
        Names(box_id, document) -> (message_id, entity_id);
        /// What is looked at in the row of a document itself.
        Details(box_id, document) -> (number, file_name, total_sum);
        /// The profile of a document.
        ProfileOf(box_id, document) -> (profile);
        /// A document has a tag; a value of nothing is any.
        HasTag(box_id, document, key, value) -> (one);
        /// Somebody was asked about a document.
        IsAsked(box_id, document, kind, addressee) -> (one);
        /// A document has a word.
        HasToken(box_id, token, scope, created_at, document) -> (one);

        /// Documents with a custom id, oldest first.
        ByCustomId(box_id, custom_id, limit) -> (message_id, entity_id);
        /// Documents of a packet behind a place, in the order in which they joined it.
        OfPacket(box_id, packet, since, message_id, entity_id, limit)
            -> (packet_since, message_id, entity_id, profile, id);

        /// All profiles, by number.
        Profiles(box_id)
            -> (profile, statuses, type_named_id, message_type, direction, has_proxy, is_deleted, is_sent, department,
                from_department, to_department);
        /// The profile with a digest.
        ProfileOfDigest(box_id, digest) -> (profile);
        /// The profile with the highest number.
        LastProfile(box_id) -> (profile);
        /// Adds a profile.
        InsertProfile(box_id, profile, digest, statuses, type_named_id, message_type, direction, has_proxy, is_deleted,
            is_sent, department, from_department, to_department);

        /// The row of a document, and whether anybody was asked about it.
        Find(box_id, message_id, entity_id) -> (id, created_at, digest, words_digest, is_asked);
        /// Adds a row, and gives it its number.
        Insert(box_id, message_id, entity_id, profile, created_at, listed_at, date, counteragent, number, file_name,
            total_sum, custom_id, packet, packet_since, digest, words_digest);
        /// Replaces a row, but for what it is called.
        Update(box_id, document, profile, created_at, listed_at, date, counteragent, number, file_name, total_sum,
            custom_id, packet, packet_since, digest, words_digest);
        /// The words of a document, separated by blanks, and the scope in which they are.
        WordsOf(box_id, document) -> (tokens, scope);
        /// Adds the words of a document.
        InsertWords(box_id, document, tokens);
        /// Deletes the words of a document.
        DeleteWords(box_id, document);
        /// Adds a word by which a document is found.
        InsertToken(box_id, token, scope, created_at, document);
        /// Deletes a word by which a document is found.
        DeleteToken(box_id, token, scope, created_at, document);
        /// Adds a tag of a document, unless it is there.
        InsertTag(box_id, key, value, created_at, document);
        /// Deletes the tags of a document.
        DeleteTags(box_id, document);
        /// Adds who was asked about a document, beside what lists go by.
        InsertAsked(box_id, kind, addressee, profile, listed_at, entity_id, date, document);
        /// Deletes who was asked about a document.
        DeleteAsked(box_id, document);
    }
}
