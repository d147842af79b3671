// errors: 1, at: Problem

use pynector::{ApiError, Error};

pub struct Problem;

#[derive(ApiError)]
pub enum OrderError {
    #[status(409)]
    Rejected(Problem),
    #[other]
    Other(Error),
}

fn main() {}
