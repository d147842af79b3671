//! The pages of the guide, so that their code is tested; not a part of the crate.

#[doc = include_str!("../../docs/guide/endpoints.md")]
mod endpoints {}

#[cfg(feature = "test-util")]
#[doc = include_str!("../../docs/guide/parameters.md")]
mod parameters {}

#[cfg(feature = "test-util")]
#[doc = include_str!("../../docs/guide/testing.md")]
mod testing {}

#[doc = include_str!("../../docs/guide/sharing.md")]
mod sharing {}
#[cfg(feature = "test-util")]
#[doc = include_str!("../../docs/guide/bodies.md")]
mod bodies {}

#[doc = include_str!("../../docs/guide/traits.md")]
mod traits {}

#[doc = include_str!("../../docs/guide/settings.md")]
mod settings {}

#[doc = include_str!("../../docs/guide/errors.md")]
mod errors {}
