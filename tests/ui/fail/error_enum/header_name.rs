// errors: 1, at: "retry after"

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(429)]
    Busy(#[header("retry after")] u32),
    #[other]
    Other(Error),
}

fn main() {}
