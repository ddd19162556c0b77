//! How English words sound, how near two sounds are, and where one hides in another.

mod phone;

pub use phone::{NotAPhone, Phone};
