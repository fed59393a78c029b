//! The pure core: events, message state as a fold, decisions, workflows, docflow, access policy.
