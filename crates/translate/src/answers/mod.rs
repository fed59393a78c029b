//! Answers that belong to one method: a file or a folder each.

potok_modules::modules! { pub "src/answers" }
