// errors: 3, at: header, status, api_error

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(404)]
    #[header("x-item")]
    NotFound,
    #[status(409)]
    Rejected(#[status(422)] String),
    #[status(410)]
    Gone(#[api_error(skip)] String),
    #[other]
    Other(Error),
}

fn main() {}
