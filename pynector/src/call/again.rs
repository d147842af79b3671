//! The request of a call made once more, for what its response became: a stream with a next part.

use std::sync::Arc;

use http::{Method, Uri};

use crate::attempt::Request;
use crate::backend::BoxFuture;
use crate::course::Course;
use crate::error::Result;
use crate::execute::execute;
use crate::operation::{Operation, Resolved};
use crate::request::key;
use crate::response::further::{Change, Fetch, Fetched};
use crate::transport::http::HttpTransport;
use crate::transport::receive::Arrival;

/// A call as it was asked for.
pub(crate) struct Again {
    transport: HttpTransport,
    operation: &'static Operation,
    settings: Arc<Resolved>,
    request: Request,
}

/// [`Again::of`].
pub(crate) type MakeAgain =
    fn(&HttpTransport, &'static Operation, &Arc<Resolved>, &Request) -> Arc<dyn Fetch>;

impl Again {
    pub(crate) fn of(
        transport: &HttpTransport,
        operation: &'static Operation,
        settings: &Arc<Resolved>,
        request: &Request,
    ) -> Arc<dyn Fetch> {
        let (transport, request) = (transport.share(), request.clone());
        Arc::new(Self { transport, operation, settings: Arc::clone(settings), request })
    }

    /// The request with what is to be changed.
    fn changed(&self, change: Change) -> Result<Request> {
        let mut request = self.request.clone();
        if let Some(uri) = change.uri {
            request.uri = uri;
        }
        for (name, value) in change.headers {
            request.headers.set(name, value)?;
        }
        // By the first one the server would answer what it has answered already.
        if let (Some(name), Some(minted)) = (&request.key, self.operation.key()) {
            request.headers.remove(name);
            request.key = Some(key::ensure(&mut request.headers, minted)?);
        }
        Ok(request)
    }
}

impl Fetch for Again {
    fn operation(&self) -> &'static Operation {
        self.operation
    }

    fn settings(&self) -> &Resolved {
        &self.settings
    }

    fn method(&self) -> &Method {
        &self.request.method
    }

    fn uri(&self) -> &Uri {
        &self.request.uri
    }

    fn is_repeatable(&self) -> bool {
        !self.request.body.is_one_shot()
    }

    fn fetch(&self, change: Change) -> BoxFuture<'static, Result<Fetched>> {
        let (transport, operation) = (self.transport.share(), self.operation);
        let settings = Arc::new(Resolved { buffered: change.buffered, ..*self.settings });
        let request = self.changed(change);
        Box::pin(async move {
            let request = request.map_err(|error| error.of_operation(operation.name()))?;
            let in_flight = transport.enter().map_err(|error| error.of_operation(operation.name()))?;
            let call = Course::new(transport.core(), operation, settings, request);
            let answer = execute(call, &*in_flight.backend).await?;
            let mut arrival = Arrival::new(answer, in_flight);
            arrival.answers(operation, None);
            Ok(arrival.into_fetched())
        })
    }
}
