//! Where parameters go: every place of the URL and the headers, as the backend sees it.

mod headers;
mod urls;
