// errors: 1, at: 404

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(404)]
    NotFound,
    #[status(410, 404)]
    Gone,
    #[other]
    Other(Error),
}

fn main() {}
