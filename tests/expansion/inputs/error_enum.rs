/// What the server says is wrong.
#[derive(Debug, Deserialize)]
pub struct Problem {
    /// In words.
    pub title: String,
}

/// Why an order failed.
#[derive(Debug, ApiError)]
pub enum OrderError {
    /// There is none.
    #[status(404)]
    NotFound,
    /// The server says why.
    #[status(409, 422)]
    Rejected(Problem),
    /// Too many.
    #[status(429)]
    Busy {
        /// In seconds.
        #[header("Retry-After")]
        after: Option<u64>,
        /// The body.
        problem: Problem,
        /// The story.
        #[source]
        error: Box<pynector::Error>,
    },
    /// Also 500..=502, since 503 has a variant of its own.
    #[status(5xx, 300..=399)]
    Server(#[source] pynector::Error),
    /// Maintenance.
    #[status(503)]
    Down(Option<String>),
    /// Made by hand.
    #[api_error(skip)]
    Unpaid,
    /// Everything else.
    #[other]
    Other(pynector::Error),
}

/// Elsewhere, with parameters.
#[derive(Debug, ApiError)]
#[api_error(crate = crate::alias::http)]
pub enum Generic<T>
where
    T: DeserializeOwned + Debug,
{
    /// Any of them.
    #[status(4xx)]
    Client(T),
    /// Everything else.
    #[deprecated = "say more"]
    #[other]
    Other {
        /// The story.
        error: pynector::Error,
    },
}

/// Whatever it is.
#[derive(Debug, ApiError)]
pub enum Any {
    /// Everything.
    #[other]
    Other(pynector::Error),
}
