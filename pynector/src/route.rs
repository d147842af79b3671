//! Where redirects have led a call so far, and its next request.

use http::{HeaderMap, Uri, header};
use url::Url;

use crate::attempt::{Ended, Request};
use crate::observe::Event;
use crate::operation::Resolved;
use crate::policy::redirect::{self, Hop, RedirectRules};
use crate::request::base::redacted;
use crate::request::body::Body;

/// The requests that a call has made, the first one included once a redirect came.
#[derive(Debug, Default)]
pub(crate) struct Route {
    visited: Vec<(http::Method, Uri)>,
}

impl Route {
    /// Turns `request` into the one that the redirect `ended` asks for; it is untouched on an error.
    ///
    /// # Errors
    ///
    /// Says why the redirect is not followed: too many, a circle, or a refused target.
    pub(crate) fn follow(
        &mut self,
        request: &mut Request,
        ended: &Ended,
        settings: &Resolved,
    ) -> Result<Event, String> {
        let (status, location) = match &ended.head {
            Some(head) => (head.status, location(&head.headers)),
            None => return Err("there is no answer to follow".to_owned()),
        };
        let (limit, rules) = (settings.max_redirects, settings.redirect_rules);
        let hop = redirect::next(&request.method, &request.uri.to_string(), status, location, rules)?;
        if self.visited.len() >= limit as usize {
            return Err(format!("more than {limit} redirects, the last to {}", redacted(hop.url.as_str())));
        }
        if hop.keeps_body && request.body.is_one_shot() {
            return Err(format!(
                "{} asks for the body again, which is a stream that can be read once",
                status.as_u16()
            ));
        }
        let uri = without_fragment(hop.url.clone()).parse::<Uri>().map_err(|error| error.to_string())?;
        self.visited.push((request.method.clone(), request.uri.clone()));
        let been_there =
            self.visited.iter().any(|(method, visited)| *method == hop.method && *visited == uri);
        if been_there && rules == RedirectRules::Strict {
            return Err(format!("the redirects lead in a circle: {}", self.told(&uri)));
        }
        let followed = Event::Redirected { status: status.as_u16(), same_origin: hop.same_origin };
        rewrite(request, hop, uri);
        Ok(followed)
    }

    fn told(&self, back: &Uri) -> String {
        let urls = self.visited.iter().map(|(_, uri)| uri).chain([back]);
        urls.map(|uri| redacted(&uri.to_string())).collect::<Vec<_>>().join(" \u{2192} ")
    }
}

fn rewrite(request: &mut Request, hop: Hop, uri: Uri) {
    if !hop.keeps_body {
        request.body = Body::empty();
    }
    // Without its key, a repeated request would be another one (IDM-3).
    request.headers.retain(|name| hop.carries(name) || request.key.as_ref() == Some(name));
    request.method = hop.method;
    request.uri = uri;
    request.origin = hop.origin.into();
}

fn location(headers: &HeaderMap) -> &[u8] {
    headers.get(header::LOCATION).map_or(b"", |value| value.as_bytes())
}

/// A fragment is for whoever asked, not for the wire.
fn without_fragment(mut url: Url) -> String {
    url.set_fragment(None);
    url.into()
}
