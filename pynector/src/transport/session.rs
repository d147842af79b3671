//! Who is connected: the pool of a transport, and what each of its clones has to do with it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use tokio::sync::Notify;

use crate::backend::Backend;
use crate::error::{Error, ErrorKind, Result};
use crate::transport::conversation::Conversation;
use crate::transport::door::Door;
use crate::transport::http::HttpTransport;

/// Makes the backend of a pool.
pub(crate) type MakeBackend = Box<dyn Fn() -> Result<Arc<dyn Backend>> + Send + Sync>;

/// The connections that the clones of a transport share: there as long as one of them is connected.
pub(crate) struct Pool {
    make: MakeBackend,
    state: Mutex<PoolState>,
}

struct PoolState {
    /// Made when the transport is built, so that what cannot work is told then, and again when somebody comes back.
    backend: Option<Arc<dyn Backend>>,
    members: usize,
    /// Clones that will connect at their first call: clones are made for single calls, and must find the connections of
    /// those before them as long as what they are clones of is there.
    fresh: usize,
}

impl Pool {
    /// A pool without members.
    ///
    /// # Errors
    ///
    /// What `make` says.
    pub(crate) fn new(make: MakeBackend) -> Result<Self> {
        let backend = Some(make()?);
        Ok(Self { make, state: Mutex::new(PoolState { backend, members: 0, fresh: 0 }) })
    }

    /// A pool that never has connections.
    pub(crate) fn closed() -> Self {
        let make: MakeBackend =
            Box::new(|| Err(Error::new(ErrorKind::NotConnected, "this transport only builds requests")));
        Self { make, state: Mutex::new(PoolState { backend: None, members: 0, fresh: 0 }) }
    }

    fn join(&self) -> Result<Arc<dyn Backend>> {
        let mut state = self.state();
        let backend = match &state.backend {
            Some(backend) => Arc::clone(backend),
            None => Arc::clone(state.backend.insert((self.make)()?)),
        };
        state.members += 1;
        Ok(backend)
    }

    /// The last one to leave drops the backend, and with it every connection that no call holds; if it was dropped
    /// rather than disconnected, only if nobody is left who could call.
    fn leave(&self, by_hand: bool) {
        let mut state = self.state();
        state.members = state.members.saturating_sub(1);
        if state.members == 0 && (by_hand || state.fresh == 0) {
            state.backend = None;
        }
    }

    /// A fresh clone connected, or is gone.
    fn no_longer_fresh(&self, gone: bool) {
        let mut state = self.state();
        state.fresh = state.fresh.saturating_sub(1);
        if gone && state.members == 0 && state.fresh == 0 {
            state.backend = None;
        }
    }

    fn state(&self) -> MutexGuard<'_, PoolState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Pool")
            .field("backend", &state.backend)
            .field("members", &state.members)
            .finish_non_exhaustive()
    }
}

/// One clone's part in the pool.
#[derive(Debug)]
pub(crate) struct Session {
    pool: Arc<Pool>,
    /// Changed by who connects and disconnects. A call looks at it only where the door is shut.
    standing: Mutex<Standing>,
    /// Open while it is connected to `first`.
    door: Door,
    /// The backend that it was connected to first, as a rule the only one. Not held here, for who disconnects lets go of it.
    first: OnceLock<Weak<dyn Backend>>,
    idle: Notify,
    conversation: Conversation,
}

#[derive(Clone, Debug)]
enum Standing {
    /// Never asked; the first call of a client connects.
    New,
    Connected(Arc<dyn Backend>),
    /// Disconnected by hand: calls are refused until somebody connects.
    Left,
}

impl Session {
    pub(crate) fn new(pool: Arc<Pool>) -> Self {
        Self::with(pool, Standing::New, Conversation::default())
    }

    fn with(pool: Arc<Pool>, standing: Standing, conversation: Conversation) -> Self {
        let (door, first, idle) = (Door::new(), OnceLock::new(), Notify::new());
        if matches!(standing, Standing::New) {
            pool.state().fresh += 1;
        }
        let session = Self { pool, standing: Mutex::new(standing), door, first, idle, conversation };
        if let Standing::Connected(backend) = &*session.standing() {
            session.open(backend);
        }
        session
    }

    /// A session of its own for a clone, which stands where this one stands.
    pub(crate) fn fork(&self) -> Self {
        let standing = match &*self.standing() {
            // The pool has a backend while anybody is connected, so joining cannot fail here.
            Standing::Connected(_) => self.pool.join().map_or(Standing::New, Standing::Connected),
            other => other.clone(),
        };
        Self::with(Arc::clone(&self.pool), standing, self.conversation.fork())
    }

    /// Connects, if it is not connected.
    ///
    /// # Errors
    ///
    /// Kind `Config` if the backend cannot start.
    pub(crate) fn connect(&self) -> Result<()> {
        let mut standing = self.standing();
        if !matches!(*standing, Standing::Connected(_)) {
            self.join(&mut standing)?;
        }
        Ok(())
    }

    fn join(&self, standing: &mut Standing) -> Result<Arc<dyn Backend>> {
        let backend = self.pool.join()?;
        if matches!(std::mem::replace(standing, Standing::Connected(Arc::clone(&backend))), Standing::New) {
            self.pool.no_longer_fresh(false);
        }
        self.open(&backend);
        Ok(backend)
    }

    /// Calls go to `backend` without a look at how the session stands, unless it is another one than at first: then the pool
    /// was closed between.
    fn open(&self, backend: &Arc<dyn Backend>) {
        let backend = Arc::downgrade(backend);
        if self.first.get_or_init(|| Weak::clone(&backend)).ptr_eq(&backend) {
            self.door.open();
        }
    }

    /// The responses of this clone.
    pub(crate) fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// Whether calls go through without connecting first.
    pub(crate) fn is_connected(&self) -> bool {
        self.door.is_open() || matches!(*self.standing(), Standing::Connected(_))
    }

    /// Lets a call in; a new session connects.
    ///
    /// # Errors
    ///
    /// Kind `NotConnected` after a disconnect.
    pub(crate) fn enter(self: &Arc<Self>) -> Result<InFlight> {
        // Counted first: whoever disconnects from now on waits for it.
        let (open, inside) = (self.door.enter(), Inside(Arc::clone(self)));
        let first = if open { self.first.get().and_then(Weak::upgrade) } else { None };
        let backend = match first {
            Some(backend) => backend,
            None => self.ask()?,
        };
        Ok(InFlight { backend, _inside: inside })
    }

    /// How the session stands, for a call that found the door shut.
    #[cold]
    fn ask(&self) -> Result<Arc<dyn Backend>> {
        let mut standing = self.standing();
        match &*standing {
            Standing::Connected(backend) => Ok(Arc::clone(backend)),
            Standing::New => self.join(&mut standing),
            Standing::Left => Err(Error::new(
                ErrorKind::NotConnected,
                "the transport is disconnected; call `connect` first",
            )),
        }
    }

    /// Refuses new calls, waits for those in flight, and leaves the pool.
    pub(crate) async fn disconnect(&self) {
        let Some(leaving) = self.refuse(true) else { return };
        loop {
            let idle = self.idle.notified();
            if self.door.is_empty() {
                break;
            }
            idle.await;
        }
        drop(leaving);
    }

    /// From now on calls are refused; dropping what comes back leaves the pool.
    pub(crate) fn refuse(&self, by_hand: bool) -> Option<Leaving<'_>> {
        let mut standing = self.standing();
        self.door.shut();
        match std::mem::replace(&mut *standing, Standing::Left) {
            Standing::Connected(backend) => Some(Leaving { pool: &self.pool, by_hand, _backend: backend }),
            Standing::New => {
                self.pool.no_longer_fresh(true);
                None
            }
            Standing::Left => None,
        }
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever drops a clone leaves the pool; no call is in flight then, since each holds its session.
impl Drop for Session {
    fn drop(&mut self) {
        drop(self.refuse(false));
    }
}

/// A member on its way out, also if whoever waits is cancelled.
pub(crate) struct Leaving<'a> {
    pool: &'a Pool,
    by_hand: bool,
    _backend: Arc<dyn Backend>,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.pool.leave(self.by_hand);
    }
}

/// A panic or a cancellation of a scope disconnects at once; after its end there is nothing left to do.
struct Closing<'a>(&'a Session);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        drop(self.0.refuse(true));
    }
}

/// A call between its start and its end.
#[derive(Debug)]
pub(crate) struct InFlight {
    pub(crate) backend: Arc<dyn Backend>,
    /// Last, so that who waits for the end of the call finds that it holds no backend.
    _inside: Inside,
}

/// One that the session counts.
#[derive(Debug)]
struct Inside(Arc<Session>);

impl Drop for Inside {
    fn drop(&mut self) {
        if self.0.door.leave() {
            self.0.idle.notify_waiters();
        }
    }
}

impl HttpTransport {
    /// Connects this clone; a second time does nothing.
    ///
    /// Generated clients and [`call`](Self::call) connect at their first call, so this is needed only after a
    /// [`disconnect`](Self::disconnect). No socket is opened yet: connections are made when calls need them.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::ErrorKind::Config) if the backend cannot start.
    #[expect(clippy::unused_async, reason = "connecting may have to wait for a backend of another kind")]
    pub async fn connect(&self) -> Result<()> {
        self.session().connect()
    }

    /// Disconnects this clone: refuses its new calls, waits for those in flight, and leaves the pool of connections.
    ///
    /// The pool closes when the last connected clone has left it by this, or when the last one that is connected, or would
    /// connect at its first call, was dropped. Calls fail with kind
    /// [`NotConnected`](crate::ErrorKind::NotConnected) until somebody connects again. A second time does nothing.
    ///
    /// Whoever holds a call that has started must go on polling it, or this waits for ever.
    pub async fn disconnect(&self) {
        self.session().disconnect().await;
    }

    /// Whether this clone is connected.
    pub fn is_connected(&self) -> bool {
        self.session().is_connected()
    }

    /// Runs `work` with a connected clone, and disconnects it when its calls have ended, whether `work` succeeds or not;
    /// at once if `work` panics or is cancelled.
    ///
    /// ```no_run
    /// # use pynector::{HttpTransport, Operation, Result};
    /// # const USERS: Operation = Operation::get("Users::users", "/users");
    /// # async fn run(transport: &HttpTransport) -> Result<()> {
    /// let users: Vec<String> = transport.scope(async |transport| transport.call(&USERS).send().await).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What `work` says, and kind [`Config`](crate::ErrorKind::Config) if the backend cannot start.
    pub async fn scope<T, E: From<Error>>(
        &self,
        work: impl AsyncFnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let transport = self.clone();
        transport.session().connect()?;
        let _closing = Closing(transport.session());
        let result = work(&transport).await;
        transport.session().disconnect().await;
        result
    }
}

#[cfg(test)]
mod tests;
