// errors: 2, at: krate, crate

use pynector::{ApiError, Error};

#[derive(ApiError)]
#[api_error(krate = pynector)]
pub enum OrderError {
    #[api_error(crate = pynector)]
    NotFound,
    #[other]
    Other(Error),
}

fn main() {}
