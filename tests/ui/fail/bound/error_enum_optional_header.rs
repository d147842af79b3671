// errors: 1, at: Option

use pynector::{ApiError, Error};

pub struct Seconds;

#[derive(ApiError)]
pub enum OrderError {
    #[status(429)]
    Busy(#[header("retry-after")] Option<Seconds>),
    #[other]
    Other(Error),
}

fn main() {}
