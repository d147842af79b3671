// errors: 1, at: String

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(404)]
    NotFound(#[source] Error),
    #[other]
    Other(#[header("x-error")] String),
}

fn main() {}
