// errors: 2, at: u32, text

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(404)]
    NotFound(String, u32),
    #[status(409)]
    Rejected {
        #[body]
        problem: String,
        text: String,
    },
    #[other]
    Other(Error),
}

fn main() {}
