// errors: 1, at: String

use pynector::ApiError;

#[derive(ApiError)]
pub enum OrderError {
    #[status(404)]
    NotFound,
    #[other]
    Other(String),
}

fn main() {}
