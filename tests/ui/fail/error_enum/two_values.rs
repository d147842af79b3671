// errors: 1, at: source

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(429)]
    Busy(
        #[header("retry-after")]
        #[source]
        String,
    ),
    #[other]
    Other(Error),
}

fn main() {}
