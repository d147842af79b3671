//! Models of one session's door: calls come in while somebody disconnects, or connects.

use loom::sync::atomic::{AtomicBool, Ordering};
use loom::sync::{Arc, Mutex, Notify};

use crate::door::Door;
use crate::{explore, race};

/// As `Session` has it: how it stands, and the door that saves most calls the look at it.
struct Session {
    connected: Mutex<bool>,
    door: Door,
    idle: Notify,
    /// The one who disconnected has waited for all calls.
    gone: AtomicBool,
}

impl Session {
    fn new(connected: bool) -> Arc<Self> {
        let session = Self {
            connected: Mutex::new(connected),
            door: Door::new(),
            idle: Notify::new(),
            gone: AtomicBool::new(false),
        };
        if connected {
            session.door.open();
        }
        Arc::new(session)
    }

    /// A call to its end; whether it was let in. A session that is asked for the first time connects.
    fn call(&self, connects: bool) -> bool {
        let open = self.door.enter();
        let inside = open || self.ask(connects);
        if inside {
            assert!(!self.gone.load(Ordering::Relaxed), "it is inside after the disconnect");
        }
        if self.door.leave() {
            self.idle.notify();
        }
        inside
    }

    fn ask(&self, connects: bool) -> bool {
        let mut connected = self.connected.lock().unwrap();
        if connects {
            *connected = true;
            self.door.open();
        }
        *connected
    }

    fn disconnect(&self) {
        let mut connected = self.connected.lock().unwrap();
        self.door.shut();
        *connected = false;
        drop(connected);
        while !self.door.is_empty() {
            self.idle.wait();
        }
        self.gone.store(true, Ordering::Relaxed);
    }
}

pub fn no_call_is_inside_after_a_disconnect() {
    explore(|| {
        let session = Session::new(true);
        let [one, two, three] = [&session, &session, &session].map(Arc::clone);
        race(move || three.disconnect(), move || one.call(false), move || two.call(false));
        assert!(!session.call(false), "it stays disconnected");
    });
}

pub fn the_door_stands_as_the_session_does() {
    explore(|| {
        let session = Session::new(false);
        let [one, two] = [&session, &session].map(Arc::clone);
        // Whoever connects by the first call may come after the disconnect, and is inside then.
        race(move || one.ask(true), move || two.disconnect(), || {});
        session.gone.store(false, Ordering::Relaxed);
        let connected = *session.connected.lock().unwrap();
        assert_eq!((session.door.is_open(), session.call(false)), (connected, connected));
    });
}
