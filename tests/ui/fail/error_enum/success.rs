// errors: 2, at: 204, 2xx

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(204)]
    Empty,
    #[status(2xx)]
    Fine,
    #[other]
    Other(Error),
}

fn main() {}
