// errors: 1, at: 429

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(4xx)]
    Client,
    #[status(429..=503)]
    Busy,
    #[other]
    Other(Error),
}

fn main() {}
