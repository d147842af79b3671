// errors: 1, at: 'a

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError<'a> {
    #[status(404)]
    NotFound(&'a str),
    #[other]
    Other(Error),
}

fn main() {}
