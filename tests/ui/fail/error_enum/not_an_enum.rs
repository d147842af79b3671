// errors: 2, at: struct, union

use pynector::{ApiError, Error};

#[derive(ApiError)]
pub struct OrderError(Error);

#[derive(ApiError)]
pub union Both {
    number: u32,
    sign: i32,
}

fn main() {}
