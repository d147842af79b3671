// errors: 1, at: other

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(404)]
    #[other]
    Other(Error),
}

fn main() {}
