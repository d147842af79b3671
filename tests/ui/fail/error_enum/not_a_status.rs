// errors: 2, at: 600, "404"

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub enum OrderError {
    #[status(600)]
    Beyond,
    #[status("404")]
    NotFound,
    #[other]
    Other(Error),
}

fn main() {}
