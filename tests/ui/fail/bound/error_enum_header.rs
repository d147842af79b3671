// errors: 1, at: Seconds

use pynector::{ApiError, Error};

pub struct Seconds;

#[derive(ApiError)]
pub enum OrderError {
    #[status(429)]
    Busy {
        #[header("retry-after")]
        after: Seconds,
        body: String,
    },
    #[other]
    Other(Error),
}

fn main() {}
