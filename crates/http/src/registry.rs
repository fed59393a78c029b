//! Which method is answered by which function.

use std::collections::HashMap;
use std::pin::Pin;

use potok_api::{Endpoint, MethodSpec};
use potok_app::Held;
use potok_types::access::Anyone;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::{Call, Incoming};
use crate::signin::Visit;

type Running = Pin<Box<dyn Future<Output = Result<Answer, ApiError>> + Send>>;
type Handler = Box<dyn Fn(Incoming) -> Running + Send + Sync>;

/// Handlers by the label of their method.
#[derive(Default)]
pub(crate) struct Registry(HashMap<&'static str, Handler>);

impl Registry {
    /// Lets `handler` answer `E`.
    pub(crate) fn on<E, F>(&mut self, handler: impl Fn(Call<E>) -> F + Copy + Send + Sync + 'static)
    where
        E: Endpoint<Access: Held>,
        F: Future<Output = Result<Answer, ApiError>> + Send + 'static,
    {
        let handler = move |incoming: Incoming| -> Running {
            Box::pin(async move { handler(incoming.decode::<E>().await?).await })
        };
        let before = self.0.insert(E::SPEC.label, Box::new(handler));
        debug_assert!(before.is_none(), "{} has two handlers", E::SPEC);
    }

    /// Lets `handler` answer `E` by what came, undecoded: where mistakes are told to people, or to another program, and not to
    /// the caller.
    pub(crate) fn visit_on<E, F>(&mut self, handler: impl Fn(Visit) -> F + Copy + Send + Sync + 'static)
    where
        E: Endpoint<Access = Anyone>,
        F: Future<Output = Result<Answer, ApiError>> + Send + 'static,
    {
        let handler = move |incoming: Incoming| -> Running { Box::pin(handler(Visit::from(incoming))) };
        let before = self.0.insert(E::SPEC.label, Box::new(handler));
        debug_assert!(before.is_none(), "{} has two handlers", E::SPEC);
    }

    /// The handler of `spec`; `None` when the method is not built.
    pub(crate) fn find(&self, spec: &MethodSpec) -> Option<&Handler> {
        self.0.get(spec.label)
    }

    /// The labels of all methods that are answered.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}
