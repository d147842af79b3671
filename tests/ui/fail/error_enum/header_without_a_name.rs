// errors: 2, at: header, retry_after

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(429)]
    Busy(#[header] u32),
    #[status(503)]
    Down(#[header(retry_after)] u32),
    #[other]
    Other(Error),
}

fn main() {}
