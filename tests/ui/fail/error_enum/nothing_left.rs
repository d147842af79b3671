// errors: 1, at: 409

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(409..=410)]
    Rejected,
    #[status(410)]
    Gone,
    #[status(409)]
    Conflict,
    #[other]
    Other(Error),
}

fn main() {}
