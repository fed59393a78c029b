//! Stories as files tell them, retold step by step.

use std::collections::HashSet;

use crate::script::Story;

/// The stories of a file. What two of them begin with alike is told by the first one only.
#[derive(Default)]
pub struct Retold {
    /// The one that is told now.
    pub story: Story,
    steps: String,
    told: HashSet<String>,
}

impl Retold {
    /// Begins the next story.
    pub fn begin(&mut self) {
        self.story = Story::new();
        self.steps.clear();
    }

    /// Plays the parts of `step`, which stand between `; `: the refusal of the last one, if it was refused. Says of each part
    /// that it posts a message, from which on nothing was shown yet.
    ///
    /// # Panics
    /// An earlier part is refused.
    pub fn play(&mut self, step: &str, mut posts: impl FnMut()) -> Vec<String> {
        let mut told = Vec::new();
        let parts: Vec<&str> = step.split("; ").collect();
        for (number, part) in parts.iter().enumerate() {
            if let Err(refusal) = self.story.step(part) {
                assert!(number + 1 == parts.len(), "{part}: {refusal}");
                told.push(format!("refused: {}", self.story.nameless(&refusal.to_string())));
            }
            if part.starts_with("post") {
                posts();
            }
        }
        told
    }

    /// What is `told` after `step`; nothing where a story before had the same steps so far.
    pub fn once(&mut self, step: &str, told: Vec<String>) -> Vec<String> {
        self.steps += step;
        self.steps += "; ";
        if self.told.insert(self.steps.clone()) { told } else { Vec::new() }
    }
}
