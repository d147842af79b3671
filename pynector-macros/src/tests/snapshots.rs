//! The expansions of `tests/expansion/inputs`, held against their snapshots and the rule of generated code.
