//! What several programs share: the call that every client makes, its answer, the server that gives it, and the result file.

pub mod api;
pub mod load;
pub mod repository;
pub mod results;
pub mod server;
