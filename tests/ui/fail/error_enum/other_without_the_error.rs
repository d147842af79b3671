// errors: 2, at: Other, Rest

use pynector::ApiError;

#[derive(ApiError)]
pub enum OrderError {
    #[other]
    Other,
}

#[derive(ApiError)]
pub enum ItemError {
    #[other]
    Rest(Error, String),
}

fn main() {}
