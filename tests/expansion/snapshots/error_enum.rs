/// What the server says is wrong.
#[derive(Debug, Deserialize)]
pub struct Problem {
    /// In words.
    pub title: String,
}
/// Why an order failed.
#[derive(Debug)]
pub enum OrderError {
    /// There is none.
    NotFound,
    /// The server says why.
    Rejected(Problem),
    /// Too many.
    Busy {
        /// In seconds.
        after: Option<u64>,
        /// The body.
        problem: Problem,
        /// The story.
        error: Box<pynector::Error>,
    },
    /// Also 500..=502, since 503 has a variant of its own.
    Server(pynector::Error),
    /// Maintenance.
    Down(Option<String>),
    /// Made by hand.
    Unpaid,
    /// Everything else.
    Other(pynector::Error),
}
#[automatically_derived]
impl ::core::convert::From<::pynector::Error> for OrderError {
    fn from(error: ::pynector::Error) -> Self {
        match ::pynector::Error::kind(&error) {
            ::pynector::ErrorKind::Status(404) => Self::NotFound,
            ::pynector::ErrorKind::Status(409 | 422) => {
                match ::pynector::api_error::body(&error) {
                    ::core::result::Result::Ok(field0) => Self::Rejected(field0),
                    ::core::result::Result::Err(_) => {
                        Self::Other(::pynector::api_error::whole(error))
                    }
                }
            }
            ::pynector::ErrorKind::Status(429) => {
                match (
                    ::pynector::api_error::header(&error, "retry-after"),
                    ::pynector::api_error::body(&error),
                ) {
                    (
                        ::core::result::Result::Ok(field0),
                        ::core::result::Result::Ok(field1),
                    ) => {
                        Self::Busy {
                            after: field0,
                            problem: field1,
                            error: ::pynector::api_error::whole(error),
                        }
                    }
                    _ => Self::Other(::pynector::api_error::whole(error)),
                }
            }
            ::pynector::ErrorKind::Status(500..=502 | 504..=599 | 300..=399) => {
                Self::Server(::pynector::api_error::whole(error))
            }
            ::pynector::ErrorKind::Status(503) => {
                match ::pynector::api_error::body(&error) {
                    ::core::result::Result::Ok(field0) => Self::Down(field0),
                    ::core::result::Result::Err(_) => {
                        Self::Other(::pynector::api_error::whole(error))
                    }
                }
            }
            _ => Self::Other(::pynector::api_error::whole(error)),
        }
    }
}
/// Elsewhere, with parameters.
#[derive(Debug)]
pub enum Generic<T>
where
    T: DeserializeOwned + Debug,
{
    /// Any of them.
    Client(T),
    /// Everything else.
    #[deprecated = "say more"]
    Other {
        /// The story.
        error: pynector::Error,
    },
}
#[allow(deprecated)]
#[automatically_derived]
impl<T> ::core::convert::From<crate::alias::http::Error> for Generic<T>
where
    T: DeserializeOwned + Debug,
{
    fn from(error: crate::alias::http::Error) -> Self {
        match crate::alias::http::Error::kind(&error) {
            crate::alias::http::ErrorKind::Status(400..=499) => {
                match crate::alias::http::api_error::body(&error) {
                    ::core::result::Result::Ok(field0) => Self::Client(field0),
                    ::core::result::Result::Err(_) => {
                        Self::Other {
                            error: crate::alias::http::api_error::whole(error),
                        }
                    }
                }
            }
            _ => {
                Self::Other {
                    error: crate::alias::http::api_error::whole(error),
                }
            }
        }
    }
}
/// Whatever it is.
#[derive(Debug)]
pub enum Any {
    /// Everything.
    Other(pynector::Error),
}
#[automatically_derived]
impl ::core::convert::From<::pynector::Error> for Any {
    fn from(error: ::pynector::Error) -> Self {
        Self::Other(::pynector::api_error::whole(error))
    }
}
