//! What the query parameter `embed` asks for.

use crate::BadRequest;

/// What the answer carries besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Embed {
    /// The bytes of comments.
    pub(super) comments: bool,
    /// The bytes of what belongs to approval.
    pub(super) resolutions: bool,
}

impl Embed {
    /// What the query parameter `embed` asks for; names in any case.
    ///
    /// # Errors
    /// [`BadRequest::Worded`] naming the parameter and what it may be.
    pub fn read(names: &[String]) -> Result<Self, BadRequest> {
        let mut embed = Self::default();
        for name in names {
            match name.to_ascii_lowercase().as_str() {
                "none" => {}
                "comments" => embed.comments = true,
                "resolutionentities" => embed.resolutions = true,
                _ => {
                    return Err(BadRequest::worded(format!(
                        "query parameter embed has the wrong value {name:?}: Comments or ResolutionEntities is expected"
                    )));
                }
            }
        }
        Ok(embed)
    }

    /// Bytes are carried.
    pub const fn wants_contents(self) -> bool {
        self.comments || self.resolutions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_embedded_is_named_in_any_case() {
        let read = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Embed::read(&names)
        };
        assert_eq!(read(&[]), Ok(Embed::default()));
        assert_eq!(read(&["comments"]), Ok(Embed { comments: true, resolutions: false }));
        assert_eq!(
            read(&["None", "RESOLUTIONENTITIES", "Comments"]),
            Ok(Embed { comments: true, resolutions: true })
        );
        let refused = read(&["Signatures"]).unwrap_err().to_string();
        assert!(refused.contains("embed") && refused.contains("ResolutionEntities"), "{refused}");
    }
}
