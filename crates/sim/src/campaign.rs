//! A night of searching, split into units that can be done anywhere, in any order, and once each.
//!
//! A campaign puts several assistants to the test by several searches ([`Engine`]). Its work is a
//! list of [`Unit`]s that never ends, in a fixed order ([`Plan`]). A unit is a whole search with a seed
//! of its own and so many steps ([`fuzz`], [`hunt`], [`misread`]): what comes of it depends on
//! nothing but the settings and its number, so it can be done by any thread of any machine, and one
//! that was cut off is done again. What came of units is kept in a [`Book`]: one [`Record`] for each
//! unit, one [`Kept`] finding for each cause. Books of different shards are put together by
//! [`Book::merge`], and it does not matter in what order.
//!
//! Units share nothing, not even what their searches learned; `docs/scale.md` says what that costs
//! and what it gains. Nothing here reads a clock or a file.

mod book;
mod curve;
mod plan;
mod unit;

pub use book::{
    Book, FORMAT, Header, Kept, MergeError, ProgramSettings, Record, Settings, ShardOf, UnitName,
};
pub use curve::Point;
pub use plan::{Engine, Plan, Unit};
pub use unit::{Found, GoOn, Sample, Searched, fuzz, hunt, misread};
