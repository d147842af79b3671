// errors: 1, at: OrderError

use pynector::ApiError;

#[derive(ApiError)]
pub enum OrderError {
    #[status(404)]
    NotFound,
}

fn main() {}
