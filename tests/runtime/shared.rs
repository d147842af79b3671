//! What is shared between tasks, and what is not shared at all.

use std::path::Path;

use pynector::{ByteStream, CallOptions, Error, HttpConfig, HttpTransport, Operation, Response};

use crate::{GET, Things as _, ThingsClient, things};

fn shared<T: Send + Sync + 'static>() {}
fn sent<T: Send>(value: T) -> T {
    value
}

#[test]
fn con_1_clients_and_what_they_give_go_to_every_task() {
    shared::<ThingsClient>();
    shared::<HttpTransport>();
    shared::<CallOptions>();
    shared::<HttpConfig>();
    shared::<Operation>();
    shared::<Error>();
    shared::<Response<u32>>();
    let (client, _) = things([]);
    drop(sent(client.get(1)));
    drop(sent(client.transport().call(&GET).send::<ByteStream>()));
}

/// Source files below `folder`.
fn sources(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

#[test]
fn con_1_no_state_belongs_to_the_process() {
    let files = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../pynector/src"));
    assert!(files.len() > 100);
    // Blocking calls share a thread that drives them, which knows nothing of any call.
    for file in files.into_iter().filter(|file| !file.ends_with("src/blocking.rs")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for line in text.lines().map(str::trim_start) {
            let item = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            let shared = ["Mutex", "RwLock", "Atomic", "OnceLock", "LazyLock", "RefCell"];
            let state = item.starts_with("static ") && shared.iter().any(|kind| item.contains(kind));
            assert!(!state && !item.starts_with("static mut "), "{}: {line}", file.display());
        }
    }
}

#[test]
fn rtl_3_there_is_one_clock() {
    // Some rate limiters count by the processor's own counter, which jumps.
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
    assert!(lock.contains("name = \"tokio\"") && !lock.contains("name = \"quanta\""));
}
