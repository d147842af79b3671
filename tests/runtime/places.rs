//! Where parameters go: every place of the URL and the headers, as the backend sees it, and what rules all of them.

mod headers;
mod rulings;
mod urls;
