//! Work on its way through a dialect, which need not know what is asked and what is answered: the compiler makes connections,
//! threads and tries once, and not once for each of a hundred questions.

use std::any::Any;

use crate::{Answering, Failure};

/// Something to do on a connection or in a transaction `S`, as often as the dialect has to.
pub struct Work<S> {
    doing: Box<dyn Doing<S>>,
    is_repeatable: bool,
}

/// What [`Work`] found, until whoever asked takes it.
pub struct Answer(Box<dyn Any + Send>);

trait Doing<S>: Send + Sync {
    fn on<'a>(&'a self, place: &'a mut S) -> Answering<'a, Answer>;
}

struct Of<S, A, T> {
    asked: A,
    work: for<'a> fn(&'a mut S, &'a A) -> Answering<'a, T>,
}

impl<S: Send, A: Send + Sync, T: Send + 'static> Doing<S> for Of<S, A, T> {
    fn on<'a>(&'a self, place: &'a mut S) -> Answering<'a, Answer> {
        let answer = (self.work)(place, &self.asked);
        Box::pin(async move { Ok(Answer(Box::new(answer.await?))) })
    }
}

impl<S: Send + 'static> Work<S> {
    /// `work`, given what it is done with.
    pub fn new<A, T>(asked: A, work: for<'a> fn(&'a mut S, &'a A) -> Answering<'a, T>) -> Self
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        Self { doing: Box::new(Of { asked, work }), is_repeatable: false }
    }

    /// Says that the work may be done again after it was done: it leaves the same, and answers the same but for counts of what
    /// was there before.
    #[must_use]
    pub fn repeatable(self) -> Self {
        Self { is_repeatable: true, ..self }
    }

    /// Whether it may be done again after it was done.
    pub const fn is_repeatable(&self) -> bool {
        self.is_repeatable
    }

    /// Does it in `place`.
    pub fn on<'a>(&'a self, place: &'a mut S) -> Answering<'a, Answer> {
        self.doing.on(place)
    }
}

impl Answer {
    /// What was found.
    ///
    /// # Errors
    /// The work that made it finds something else: a fault of the program.
    pub fn take<T: 'static>(self) -> Result<T, Failure> {
        let of_another = |_| Failure::Invalid(format!("an answer is no {}", std::any::type_name::<T>()));
        self.0.downcast().map(|found| *found).map_err(of_another)
    }
}
