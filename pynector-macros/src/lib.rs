//! The entry points of pynector's procedural macros; the documentation stands on their re-exports in `pynector`.
