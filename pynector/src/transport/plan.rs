//! What all calls of an operation have in common, prepared once for each transport.

use std::ptr;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, OnceLock};

use http::Method;

use crate::error::{Error, ErrorKind, Result};
use crate::operation::{Operation, Resolved, Settings};
use crate::request::header::{Fields, Headers};
use crate::request::json;
use crate::request::template::Template;

/// At most this much is kept ready, for bodies that may be small again.
const MOST_ROOM: usize = 16 << 10;

/// What a call of one operation starts from.
pub(crate) struct Plan {
    operation: &'static Operation,
    pub(crate) method: Method,
    /// What the call goes by unless it has options.
    pub(crate) settings: Arc<Resolved>,
    pub(crate) template: Template,
    /// What the operation, the client and the trait say.
    pub(crate) headers: Headers,
    /// The same with what HTTP asks for, for calls on this basis: one that is sent, and one whose request is only wanted.
    fields: [OnceLock<(Basis, Fields)>; 2],
    /// How much room a JSON body is given at first: as much as the last one took.
    room: AtomicUsize,
}

/// What the headers of a call depend on, beside those that the operation, the client and the trait say.
#[derive(Clone, Copy)]
pub(crate) struct Basis {
    pub(crate) accept: &'static str,
    /// The `content-type`, where a body has one that is always the same.
    pub(crate) media: Option<&'static str>,
    /// Whether the body has no bytes.
    pub(crate) bodiless: bool,
    /// Whether `host` is among them.
    pub(crate) addressed: bool,
}

impl PartialEq for Basis {
    fn eq(&self, other: &Self) -> bool {
        // Nearly always the types of an operation say the same one text.
        (ptr::eq(self.accept, other.accept) || self.accept == other.accept)
            && (self.media, self.bodiless, self.addressed) == (other.media, other.bodiless, other.addressed)
    }
}

impl Plan {
    /// # Errors
    ///
    /// Kind `Request` for a method or a header that is none.
    pub(crate) fn new(operation: &'static Operation, settings: &Resolved, weaker: &Headers) -> Result<Self> {
        let mut headers = Headers::fixed(operation.fixed_headers())?;
        headers.fall_back_to(weaker);
        Ok(Self {
            method: method(operation.method())?,
            settings: Arc::new(operation.judged(settings)),
            template: Template::parse(operation.template()),
            headers,
            ..Self::void(operation)
        })
    }

    /// Stands in for one that cannot be made, at a call that is an error already.
    pub(crate) fn void(operation: &'static Operation) -> Self {
        Self {
            operation,
            method: Method::GET,
            settings: Arc::new(Settings::new().resolve()),
            template: Template::default(),
            headers: Headers::default(),
            fields: Default::default(),
            room: AtomicUsize::new(json::ROOM),
        }
    }

    pub(crate) const fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub(crate) fn room(&self) -> usize {
        self.room.load(Relaxed)
    }

    /// A JSON body took `bytes`. Bodies of an operation are alike, and one that finds room is not copied while it is written.
    pub(crate) fn took(&self, bytes: usize) {
        let room = bytes.next_power_of_two().clamp(json::ROOM, MOST_ROOM);
        // Threads that only read it do not wait for each other.
        if self.room() != room {
            self.room.store(room, Relaxed);
        }
    }

    /// The headers of a call that says nothing itself, on this basis made by `make` once: nearly always an operation has one.
    ///
    /// # Errors
    ///
    /// What `make` says.
    pub(crate) fn fields(&self, basis: Basis, make: impl FnOnce() -> Result<Fields>) -> Result<Fields> {
        let [sent, wanted] = &self.fields;
        let kept = if basis.addressed { sent } else { wanted };
        match kept.get() {
            Some((known, fields)) if *known == basis => Ok(fields.clone()),
            Some(_) => make(),
            None => {
                let fields = make()?;
                // Somebody else may have been faster, with the same.
                let _ = kept.set((basis, fields.clone()));
                Ok(fields)
            }
        }
    }
}

fn method(name: &str) -> Result<Method> {
    Method::from_bytes(name.as_bytes())
        .map_err(|_| Error::new(ErrorKind::Request, format!("{name:?} is not a method (RFC 9110 \u{a7}9.1)")))
}

/// How many places an operation may have.
const PLACES: usize = 8;

/// Room for operations that no trait names.
const LEAST: usize = 128;

/// The plans of a transport, found by where their operation stands in memory: it never changes, and a plan that is not kept
/// is only made again.
pub(crate) struct Plans(Box<[OnceLock<Arc<Plan>>]>);

impl Plans {
    /// Room for the plans of about so many operations.
    pub(crate) fn for_operations(count: usize) -> Self {
        let places = (2 * count).next_power_of_two().max(LEAST);
        Self((0..places).map(|_| OnceLock::new()).collect())
    }

    /// The plan of `operation`, made by `make` where there is none yet.
    ///
    /// # Errors
    ///
    /// What `make` says; it is asked again then.
    pub(crate) fn of(
        &self,
        operation: &'static Operation,
        make: impl FnOnce() -> Result<Plan>,
    ) -> Result<Arc<Plan>> {
        let last = self.0.len() - 1;
        let first = scattered(ptr::from_ref(operation).addr());
        for step in 0..PLACES {
            let Some(place) = self.0.get(first.wrapping_add(step) & last) else { continue };
            match place.get() {
                Some(plan) if ptr::eq(plan.operation, operation) => return Ok(Arc::clone(plan)),
                Some(_) => {}
                None => {
                    let plan = Arc::new(make()?);
                    // If somebody else was faster, it is not kept this time.
                    let _ = place.set(Arc::clone(&plan));
                    return Ok(plan);
                }
            }
        }
        make().map(Arc::new)
    }
}

/// Constants stand at even distances, which would all be one place.
const fn scattered(address: usize) -> usize {
    ((address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Basis, LEAST, MOST_ROOM, Plan, Plans};
    use crate::error::{ErrorKind, Result};
    use crate::operation::{Operation, Settings};
    use crate::request::header::{Fields, Headers};

    fn operation(method: &'static str) -> &'static Operation {
        Box::leak(Box::new(Operation::http(method, "A::b", "/b")))
    }

    fn plan(plans: &Plans, operation: &'static Operation) -> Result<Arc<Plan>> {
        plans.of(operation, || Plan::new(operation, &Settings::new().resolve(), &Headers::default()))
    }

    #[test]
    fn an_operation_is_prepared_once_and_each_gets_its_own() {
        let plans = Plans::for_operations(100);
        let operations: Vec<_> = (0..100).map(|_| operation("GET")).collect();
        let first: Vec<_> = operations.iter().map(|operation| plan(&plans, operation).unwrap()).collect();
        let mut kept = 0;
        for (operation, first) in operations.iter().zip(&first) {
            let again = plan(&plans, operation).unwrap();
            assert!(std::ptr::eq(again.operation(), *operation));
            kept += usize::from(Arc::ptr_eq(&again, first));
        }
        assert!(kept > 90, "only {kept} of 100 were kept");
    }

    #[test]
    fn more_operations_than_places_are_prepared_each_time() {
        let plans = Plans::for_operations(1);
        for _ in 0..4 * LEAST {
            let operation = operation("GET");
            assert!(std::ptr::eq(plan(&plans, operation).unwrap().operation(), operation));
        }
    }

    #[test]
    fn what_cannot_be_prepared_is_an_error_each_time() {
        let (plans, bad) = (Plans::for_operations(1), operation("G T"));
        for _ in 0..2 {
            let error = plan(&plans, bad).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Request);
        }
        assert!(plan(&plans, operation("GET")).is_ok());
    }

    #[test]
    fn a_body_gets_the_room_that_the_last_one_took() {
        let plan = Plan::void(operation("POST"));
        for (bytes, room) in [(0, 256), (256, 256), (257, 512), (1800, 2048), (1 << 30, MOST_ROOM), (3, 256)]
        {
            plan.took(bytes);
            assert_eq!(plan.room(), room, "{bytes}");
        }
    }

    #[test]
    fn headers_are_kept_for_one_basis_of_either_purpose() {
        let operation = operation("GET");
        let plan = Plan::new(operation, &Settings::new().resolve(), &Headers::default()).unwrap();
        let made_on = |basis| {
            let mut made = false;
            plan.fields(basis, || {
                made = true;
                Ok(Fields::default())
            })
            .unwrap();
            made
        };
        for addressed in [true, false] {
            let basis = |accept, media, bodiless| Basis { accept, media, bodiless, addressed };
            let made = |accept| made_on(basis(accept, None, true));
            assert_eq!(
                [made("a"), made("a"), made("b"), made("b"), made("a")],
                [true, false, true, true, false]
            );
            assert!(made_on(basis("a", Some("text/plain"), true)));
            assert!(made_on(basis("a", None, false)));
        }
    }
}
