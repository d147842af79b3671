//! Argument structs: parameters that several operations share.

use std::borrow::Cow;

use super::Call;
use crate::error::Result;

/// A struct whose fields go to places of a request, made by `#[derive(Params)]`.
///
/// A method takes it as `#[params] page: Page`, an endpoint struct as a field `#[params] page: Page`, an argument struct
/// may hold another one. `None` of an `Option` binds nothing.
///
/// ```
/// use pynector::{Params, Result};
///
/// #[derive(Params)]
/// struct Page {
///     #[query]
///     page: u32,
///     #[query]
///     per_page: Option<u32>,
///     #[header("x-tenant")]
///     tenant: String,
/// }
///
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Users {
///     #[get("/users")]
///     async fn users(&self, #[params] page: &Page) -> Result<Vec<String>>;
/// }
///
/// let page = Page { page: 2, per_page: None, tenant: "t1".to_owned() };
/// let request = UsersClient::new()?.to_request(async |users| users.users(&page).await)?;
/// assert_eq!(request.uri(), "https://api.example.com/users?page=2");
/// assert_eq!(request.headers()["x-tenant"], "t1");
/// # Ok::<(), pynector::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no argument struct",
    label = "does not derive `pynector::Params`",
    note = "write `#[derive(pynector::Params)]` above the struct, or give the parameter another place"
)]
pub trait Params {
    /// The names of its own query parameters, which win over the same keys of a map, wherever the map stands.
    fn query_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// Binds the fields.
    fn bind(&self, call: Call) -> Call;
}

#[diagnostic::do_not_recommend]
impl<P: Params + ?Sized> Params for &P {
    fn query_names(&self) -> &'static [&'static str] {
        (**self).query_names()
    }

    fn bind(&self, call: Call) -> Call {
        (**self).bind(call)
    }
}

#[diagnostic::do_not_recommend]
impl<P: Params> Params for Option<P> {
    fn query_names(&self) -> &'static [&'static str] {
        self.as_ref().map_or(&[], P::query_names)
    }

    fn bind(&self, call: Call) -> Call {
        match self {
            Some(params) => params.bind(call),
            None => call,
        }
    }
}

impl Call {
    /// Binds the fields of an argument struct, each to its own place.
    pub fn params<P: Params + ?Sized>(self, params: &P) -> Self {
        params.bind(self.bind(|call| call.name_query(params.query_names())))
    }

    /// From now on these names are taken; what maps have written under them is taken back.
    fn name_query(&mut self, names: &'static [&'static str]) -> Result<()> {
        if !names.is_empty() {
            self.finish_path()?;
            let taken = self.named_query();
            self.target.take_back(names, &taken);
            self.rare().named.push(names);
        }
        Ok(())
    }

    /// The names that belong to parameters of their own, in the operation and in the argument structs so far.
    fn named_query(&self) -> Cow<'static, [&'static str]> {
        let own = self.plan.operation().named_query();
        match self.rare.as_ref().map(|rare| &*rare.named) {
            None | Some([]) => Cow::Borrowed(own),
            Some(more) => own.iter().chain(more.iter().copied().flatten()).copied().collect(),
        }
    }
}
