//! Query parameters, from any `Serialize` value into the buffer of the URL.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::request::flat::{FlatError, Sink, flatten, text, unprintable};
use crate::request::percent::{Encoder, push_encoded, push_value};
use crate::request::style::QueryStyle;

/// How one parameter is written.
#[derive(Clone, Copy, Default)]
pub(crate) struct Form {
    pub(crate) style: QueryStyle,
    /// Whether valid `%xx` stays as it is, in keys too.
    pub(crate) encoded: bool,
}

/// The names that belong to parameters of their own: those of the operation, and of the argument structs so far.
#[derive(Clone, Copy, Default)]
pub(crate) struct Named<'a> {
    pub(crate) own: &'a [&'a str],
    pub(crate) more: &'a [&'static [&'static str]],
}

impl Named<'_> {
    fn contains(self, key: &str) -> bool {
        self.own.contains(&key) || self.more.iter().any(|names| names.contains(&key))
    }
}

/// Where the values of one parameter go.
pub(crate) struct Query<'a> {
    url: &'a mut String,
    started: &'a mut bool,
    name: &'a str,
    named: Named<'a>,
    form: Form,
}

impl<'a> Query<'a> {
    /// Behind what stands in `url`, which has a query or not.
    #[inline]
    pub(crate) fn new(
        (url, has_query): (&'a mut String, &'a mut bool),
        name: &'a str,
        named: Named<'a>,
        form: Form,
    ) -> Self {
        Self { url, started: has_query, name, named, form }
    }

    /// Appends `value` under the name of the parameter; a map or struct goes under its own keys, but for those that are
    /// named, which belong to parameters of their own.
    ///
    /// # Errors
    ///
    /// Kind `Request` for a value without a flat form: nested lists, enum variants with data, floats that are no number.
    pub(crate) fn append<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let name = self.name;
        flatten(self, name, value).map_err(|error| unfit(name, &error))
    }

    #[inline]
    fn key(&mut self, key: &str) {
        self.url.push_str(if *self.started { "&" } else { "?" });
        *self.started = true;
        if self.form.encoded {
            push_encoded(self.url, key);
        } else {
            push_value(self.url, key);
        }
    }

    fn encode(&mut self, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        if !self.form.encoded {
            return Encoder(self.url).write_fmt(value).map_err(unprintable);
        }
        // In one piece, since an escape may reach from one piece into the next.
        push_encoded(self.url, &text(value)?);
        Ok(())
    }
}

#[cold]
fn unfit(name: &str, error: &FlatError) -> Error {
    Error::new(ErrorKind::Request, format!("the query parameter `{name}`: {error}"))
}

impl Sink for Query<'_> {
    const REFUSES_MAPS: Option<&'static str> = None;
    const REFUSES_NESTING: &'static str = "a map or struct may not nest in another without a style: write \
        `style = deep_object` for `a[b]=`, or `style = dots` for `a.b=`";

    fn item(&mut self, key: &str, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        self.key(key);
        self.url.push('=');
        self.encode(value)
    }

    fn plain(&mut self, key: &str, value: &str) -> Result<(), FlatError> {
        self.key(key);
        self.url.push('=');
        if self.form.encoded {
            push_encoded(self.url, value);
        } else {
            push_value(self.url, value);
        }
        Ok(())
    }

    fn unreserved(&mut self, key: &str, value: &str) -> Result<(), FlatError> {
        self.key(key);
        self.url.push('=');
        self.url.push_str(value);
        Ok(())
    }

    fn bare(&mut self, key: &str) -> Result<(), FlatError> {
        self.key(key);
        Ok(())
    }

    fn joined(&mut self, key: &str, first: bool, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        let separator = self.form.style.separator().unwrap_or_default();
        if first {
            self.key(key);
            self.url.push('=');
        } else {
            self.url.push_str(separator);
        }
        let start = self.url.len();
        self.encode(value)?;
        let item = self.url.get(start..).unwrap_or_default();
        if item.to_ascii_uppercase().contains(separator) {
            return Err(FlatError(
                "an item of the list holds what parts the items; use another style".into(),
            ));
        }
        Ok(())
    }

    fn style(&self) -> QueryStyle {
        self.form.style
    }

    fn takes(&self, key: &str) -> bool {
        // `named` lists every parameter, also the one that is this map: its own name is no other parameter's.
        key == self.name || !self.named.contains(key)
    }
}

#[cfg(test)]
mod tests;
