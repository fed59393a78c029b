mod form;
mod patch;
mod post;
mod properties;
