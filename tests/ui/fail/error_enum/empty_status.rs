// errors: 2, at: status

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status]
    NotFound,
    #[status()]
    Gone,
    #[other]
    Other(Error),
}

fn main() {}
