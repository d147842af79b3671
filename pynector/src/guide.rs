//! The pages of the guide, so that their code is tested; not a part of the crate.

macro_rules! pages {
    ($($(#[$condition:meta])* $name:ident)*) => {
        $(
            $(#[$condition])*
            #[doc = include_str!(concat!("../../docs/guide/", stringify!($name), ".md"))]
            mod $name {}
        )*
    };
}

pages! {
    authentication
    #[cfg(feature = "test-util")]
    bodies
    #[cfg(all(feature = "cache", feature = "test-util"))]
    cache
    endpoints
    errors
    #[cfg(all(feature = "test-util", feature = "tower"))]
    middleware
    #[cfg(feature = "test-util")]
    pages
    #[cfg(feature = "test-util")]
    parameters
    #[cfg(feature = "test-util")]
    responses
    #[cfg(feature = "test-util")]
    resilience
    settings
    sharing
    #[cfg(feature = "test-util")]
    streams
    #[cfg(feature = "test-util")]
    testing
    traits
}
