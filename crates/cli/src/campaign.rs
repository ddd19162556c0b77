//! The folder of a campaign and the threads that work on it. What is searched and how books are
//! merged is for [`mondegreen_sim::campaign`]; here are files, the clock, signals and threads.

mod crew;
mod folder;
mod live;
mod regress;
mod report;
mod settings;

pub(crate) use crew::{Orders, latest, work};
pub(crate) use folder::{Folder, is_campaign, read, write_new};
pub(crate) use regress::{Became, regress};
pub(crate) use report::{write, write_json};
pub(crate) use settings::{Team, header, header_of_folder};
