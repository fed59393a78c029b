//! The official formats against official samples, and against whatever hostile input can be made of them.

mod samples;
