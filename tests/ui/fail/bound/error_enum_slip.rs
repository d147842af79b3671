// errors: 1, at: statsu

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[statsu(404)]
    NotFound,
    #[other]
    Other(Error),
}

fn main() {}
