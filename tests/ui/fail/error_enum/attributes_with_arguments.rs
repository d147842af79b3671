// errors: 3, at: 404, "problem", 1

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(409)]
    Rejected(#[body("problem")] String),
    #[status(410)]
    Gone(#[source = 1] Error),
    #[other(404)]
    Other(Error),
}

fn main() {}
