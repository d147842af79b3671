//! A user of edition 2021; see the test.
