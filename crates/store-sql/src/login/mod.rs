//! Who calls: clients, passwords, tokens; certificates and the challenges that they answer.

mod certificates;
mod tokens;
