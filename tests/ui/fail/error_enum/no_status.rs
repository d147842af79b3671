// errors: 1, at: NotFound

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    NotFound,
    #[other]
    Other(Error),
}

fn main() {}
