//! Powers of attorney: the register, and whether one is good for a signature.

mod refusals;

potok_modules::modules! { "src/handlers/powers" except refusals => registered }
