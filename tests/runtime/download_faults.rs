//! Broken downloads.
