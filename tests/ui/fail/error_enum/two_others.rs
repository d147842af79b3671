// errors: 1, at: other

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[other]
    Other(Error),
    #[other]
    Rest(Error),
}

fn main() {}
