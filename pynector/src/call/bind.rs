//! The values of a call, each written into its final form when it is bound.

use http::HeaderValue;

use super::Call;
use super::values::JsonValue;
use crate::error::Result;
use crate::request::body::Body;
use crate::request::json;

impl Call {
    /// Sends `value` as JSON; `None` sends no body.
    pub fn json<T: JsonValue + ?Sized>(self, value: &T) -> Self {
        self.bind(|call| {
            if let Some(bytes) = json::to_bytes(value)? {
                call.body = Body::from(bytes);
                call.content_type = Some(HeaderValue::from_static("application/json"));
            }
            Ok(())
        })
    }

    /// Binds a value unless an earlier one did not fit.
    pub(super) fn bind(mut self, bind: impl FnOnce(&mut Self) -> Result<()>) -> Self {
        if self.error.is_none() {
            self.error = bind(&mut self).err();
        }
        self
    }
}
