//! The written forms: what is printed is read back, and what cannot be read is named.

mod bad_scripts;
mod facts;
mod logs;
mod protocol;
mod schema;
mod scripts;
