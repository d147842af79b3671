//! Downloads that a later run goes on with, and what it makes of what changed meanwhile.

use std::sync::{Arc, Mutex};

use pynector::backend::{ScriptBackend, Step};
use pynector::{Checksum, Download, Error, ErrorKind, Progress, Result};

use crate::downloads::{Files as _, FilesClient, TAG, files};
use crate::saved::Folder;
use crate::{MS, S};

/// The first answer: ten digits, of which `came` come, and nobody is asked for the rest.
fn first(came: usize) -> Vec<Step> {
    let answer = Step::status(200).header("etag", TAG).header("content-length", "10").body("0123456789");
    vec![answer.broken_after(came), Step::status(404)]
}

fn part(tag: &str, range: &str, bytes: &'static str) -> Step {
    Step::status(206).header("etag", tag).header("content-range", range).body(bytes)
}

async fn run(files: &FilesClient, download: Download) -> Result<u64> {
    download.get(async |options| files.with_options(options).file().await).await
}

/// A run that ends in the middle, and one more with these answers.
async fn twice(
    folder: &Folder,
    came: usize,
    then: Vec<Step>,
    change: impl FnOnce(Download) -> Download,
) -> (Result<u64>, ScriptBackend) {
    let path = folder.path("file");
    let (files, script) = files(first(came));
    run(&files, Download::to(&path)).await.unwrap_err();
    assert_eq!(folder.names(), ["file.part", "file.part.json"]);
    assert_eq!(std::fs::read(folder.path("file.part")).unwrap(), b"0123456789"[..came]);
    script.push(then);
    (run(&files, change(Download::to(&path))).await, script)
}

#[tokio::test(start_paused = true)]
async fn the_next_run_asks_for_the_rest_alone() {
    for came in 1..10 {
        let folder = Folder::new();
        let range = format!("bytes {}-9/10", came - 1);
        let rest = part(TAG, &range, &"0123456789"[came - 1..]);
        let (saved, script) = twice(&folder, came, vec![rest], |download| download).await;
        assert_eq!(saved.unwrap(), 10);
        let sent = script.requests().pop().unwrap();
        assert_eq!(sent.header("range"), Some(&*format!("bytes={}-", came - 1)));
        assert_eq!((sent.header("if-range"), sent.header("accept-encoding")), (Some(TAG), Some("identity")));
        assert_eq!(std::fs::read(folder.path("file")).unwrap(), b"0123456789");
        assert_eq!(folder.names(), ["file"]);
        assert_eq!(script.remaining(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_whole_already_is_only_put_in_its_place() {
    let folder = Folder::new();
    let (files, script) = files(first(5));
    run(&files, Download::to(folder.path("file"))).await.unwrap_err();
    std::fs::write(folder.path("file.part"), "0123456789").unwrap();
    script.push([part(TAG, "bytes 9-9/10", "9")]);
    assert_eq!(run(&files, Download::to(folder.path("file"))).await.unwrap(), 10);
    assert_eq!(
        (folder.names(), script.requests().pop().unwrap().header("range")),
        (vec!["file".to_owned()], Some("bytes=9-"))
    );
}

#[tokio::test(start_paused = true)]
async fn the_rest_may_break_too_and_goes_on_within_the_run() {
    let folder = Folder::new();
    let rest = part(TAG, "bytes 3-9/10", "3456789").broken_after(3);
    let (saved, script) =
        twice(&folder, 4, vec![rest, part(TAG, "bytes 6-9/10", "6789")], |download| download).await;
    assert_eq!(saved.unwrap(), 10);
    assert_eq!(script.requests().pop().unwrap().header("range"), Some("bytes=6-"));
    assert_eq!(std::fs::read(folder.path("file")).unwrap(), b"0123456789");
}

#[tokio::test(start_paused = true)]
async fn what_changed_starts_over_or_is_an_error_and_is_never_mixed() {
    let new = || Step::status(200).header("etag", "\"v2\"").body("abcde");
    for (then, whole) in [
        (vec![new()], "abcde"),
        (vec![Step::status(416).header("content-range", "bytes */3"), new()], "abcde"),
        (vec![part("\"v2\"", "bytes 3-9/10", "defghij"), new()], "abcde"),
        (vec![part(TAG, "bytes 3-10/11", "3456789a"), new()], "abcde"),
    ] {
        let folder = Folder::new();
        let (saved, script) = twice(&folder, 4, then.clone(), |download| download).await;
        assert_eq!((saved.unwrap(), script.remaining()), (5, 0));
        assert_eq!(std::fs::read_to_string(folder.path("file")).unwrap(), whole);
        assert_eq!(folder.names(), ["file"]);

        let folder = Folder::new();
        let (saved, script) = twice(&folder, 4, then, Download::fail_if_changed).await;
        let error: Error = saved.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Changed, "{error}");
        assert!(error.to_string().contains("changed at the server"), "{error}");
        assert_eq!(folder.names(), ["file.part", "file.part.json"]);
        assert_eq!(script.requests().len(), 3, "nothing more is asked for");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_without_ranges_or_with_wrong_ones_starts_over() {
    let whole = || Step::status(200).header("etag", TAG).body("0123456789");
    for (then, requests) in [
        (vec![whole()], 3),
        (vec![part(TAG, "bytes 5-9/10", "56789"), whole()], 4),
        (vec![Step::status(206).header("etag", TAG).body("x"), whole()], 4),
    ] {
        let folder = Folder::new();
        let (saved, script) = twice(&folder, 4, then, Download::fail_if_changed).await;
        assert_eq!((saved.unwrap(), script.requests().len()), (10, requests));
        assert_eq!(std::fs::read(folder.path("file")).unwrap(), b"0123456789");
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_of_nobody_knows_what_starts_over() {
    for spoil in [
        |folder: &Folder| std::fs::remove_file(folder.path("file.part.json")).unwrap(),
        |folder: &Folder| std::fs::write(folder.path("file.part.json"), "{").unwrap(),
        |folder: &Folder| std::fs::write(folder.path("file.part"), "").unwrap(),
        |folder: &Folder| std::fs::write(folder.path("file.part"), "longer than it can be").unwrap(),
        |folder: &Folder| std::fs::remove_file(folder.path("file.part")).unwrap(),
    ] {
        let folder = Folder::new();
        let (files, script) = files(first(4));
        run(&files, Download::to(folder.path("file"))).await.unwrap_err();
        spoil(&folder);
        script.push([Step::status(200).body("whole")]);
        assert_eq!(run(&files, Download::to(folder.path("file"))).await.unwrap(), 5);
        assert_eq!(script.requests().pop().unwrap().header("range"), None);
        assert_eq!(
            (folder.names(), std::fs::read_to_string(folder.path("file")).unwrap()),
            (vec!["file".to_owned()], "whole".to_owned())
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_of_another_url_is_not_gone_on_with() {
    let folder = Folder::new();
    let (files, script) = files(first(4));
    run(&files, Download::to(folder.path("file"))).await.unwrap_err();
    script.push([part(TAG, "bytes 3-9/10", "defghij"), Step::status(200).body("abcdefghij")]);
    let other = Download::to(folder.path("file"));
    other.get(async |options| files.with_options(options).other(2).await).await.unwrap();
    assert_eq!(std::fs::read(folder.path("file")).unwrap(), b"abcdefghij");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_continued_leaves_no_part() {
    for answer in [
        Step::status(200).body("0123").broken(),
        Step::status(200).header("etag", "W/\"v1\"").body("0123").broken(),
        Step::status(200).header("etag", TAG).header("accept-ranges", "none").body("0123").broken(),
    ] {
        let folder = Folder::new();
        std::fs::write(folder.path("file"), "old").unwrap();
        let (files, _) = files([answer]);
        let error = run(&files, Download::to(folder.path("file"))).await.unwrap_err();
        assert_eq!((error.kind(), folder.names()), (ErrorKind::Interrupted, vec!["file".to_owned()]));
        assert_eq!(std::fs::read_to_string(folder.path("file")).unwrap(), "old");
    }
}

#[tokio::test(start_paused = true)]
async fn the_checksum_is_of_the_whole_file_and_a_wrong_part_is_removed() {
    let sha256 = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882";
    let digest = "sha-256=:hNiYd/DUBB77a/kaFvAkjy/Vc+avBcGflr7bn4gveII=:";
    let rest = || vec![part(TAG, "bytes 3-9/10", "3456789").header("repr-digest", digest)];
    for checksum in [Checksum::sha256(sha256), Checksum::announced()] {
        let folder = Folder::new();
        let (saved, _) = twice(&folder, 4, rest(), |download| download.checksum(checksum)).await;
        assert_eq!((saved.unwrap(), folder.names()), (10, vec!["file".to_owned()]));
    }
    let folder = Folder::new();
    let wrong = Checksum::sha256("0".repeat(64));
    let (saved, _) = twice(&folder, 4, rest(), |download| download.checksum(wrong)).await;
    assert_eq!((saved.unwrap_err().kind(), folder.names().len()), (ErrorKind::Checksum, 0));
}

#[tokio::test(start_paused = true)]
async fn progress_counts_what_earlier_runs_brought() {
    let folder = Folder::new();
    let told = Arc::new(Mutex::new(Vec::<Progress>::new()));
    let telling = Arc::clone(&told);
    let rest = vec![part(TAG, "bytes 3-9/10", "3456789").broken_after(3), part(TAG, "bytes 6-9/10", "6789")];
    let (saved, _) = twice(&folder, 4, rest, |download| {
        download.progress(move |progress| telling.lock().unwrap().push(progress))
    })
    .await;
    saved.unwrap();
    let told: Vec<_> = told.lock().unwrap().iter().map(|p| (p.bytes(), p.total(), p.attempt())).collect();
    assert_eq!(told, [(6, Some(10), 1), (10, Some(10), 2)]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_tells_its_progress() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&told);
    let step = Step::status(200)
        .header("etag", TAG)
        .header("content-length", "6")
        .body("01")
        .silence(S)
        .body("23")
        .broken();
    let rest = part(TAG, "bytes 4-5/6", "45");
    let (files, _) = files([step, rest]);
    let stream = files.file().await.unwrap().resumable();
    let mut stream = stream.progress(move |progress| telling.lock().unwrap().push(progress));
    while let Some(piece) = stream.next().await {
        piece.unwrap();
    }
    let told = told.lock().unwrap();
    assert_eq!(
        told.iter().map(|told| (told.bytes(), told.attempt())).collect::<Vec<_>>(),
        [(2, 1), (4, 1), (6, 2)]
    );
    assert!((told[1].rate() - 4.0).abs() < 0.1, "{:?}", told[1]);
}

#[tokio::test]
async fn a_run_that_is_dropped_leaves_what_came_and_can_be_spawned() {
    let folder = Folder::new();
    let path = folder.path("file");
    let (files, script) = files([]);
    let silent =
        Step::status(200).header("etag", TAG).header("content-length", "10").body("0123").silence(3600 * S);
    script.push([silent.body("456789")]);
    let (client, target) = (files.clone(), path.clone());
    let running = tokio::spawn(async move {
        Download::to(target).get(async |options| client.with_options(options).file().await).await
    });
    while std::fs::read(folder.path("file.part")).unwrap_or_default() != b"0123" {
        tokio::time::sleep(5 * MS).await;
    }
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert_eq!(folder.names(), ["file.part", "file.part.json"]);
    script.push([part(TAG, "bytes 3-9/10", "3456789")]);
    assert_eq!(run(&files, Download::to(&path)).await.unwrap(), 10);
    assert_eq!(std::fs::read(&path).unwrap(), b"0123456789");
}

#[tokio::test(start_paused = true)]
async fn a_whole_instead_of_the_rest_is_not_counted_as_the_rest() {
    let whole = Step::status(200).header("etag", TAG).header("content-length", "10").body("0123456789");
    let folder = Folder::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    let progress = move |progress: Progress| keep.lock().unwrap().push((progress.bytes(), progress.total()));
    let (saved, _) = twice(&folder, 4, vec![whole], |download| download.progress(progress)).await;
    assert_eq!(saved.unwrap(), 10);
    // The script announces no size; what was missing of the file before is none.
    assert_eq!(*told.lock().unwrap(), [(10, None)]);
}

#[tokio::test(start_paused = true)]
async fn a_part_that_nobody_asked_for_is_no_file() {
    let folder = Folder::new();
    let (files, _) = files([part(TAG, "bytes 0-3/10", "0123"), part(TAG, "bytes 4-9/10", "456789")]);
    let saved = run(&files, Download::to(folder.path("file"))).await;
    let error = saved.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.to_string().contains("a part of the file, which nobody asked for"), "{error}");
    assert!(folder.names().is_empty(), "{:?}", folder.names());
    let (whole, _) = crate::downloads::files([part(TAG, "bytes 0-9/10", "0123456789")]);
    assert_eq!(run(&whole, Download::to(folder.path("file"))).await.unwrap(), 10);
}

#[tokio::test(start_paused = true)]
async fn the_rest_is_asked_for_behind_a_redirect_to_another_origin() {
    let away = || Step::status(302).header("location", "http://cdn.test/file");
    let folder = Folder::new();
    let (files, script) = files(std::iter::once(away()).chain(first(4)));
    run(&files, Download::to(folder.path("file"))).await.unwrap_err();
    script.push([away(), part(TAG, "bytes 3-9/10", "3456789")]);
    let saved = run(&files, Download::to(folder.path("file"))).await;
    let last = script.requests().pop().unwrap();
    assert_eq!(
        (last.header("range"), last.header("if-range"), last.header("accept-encoding")),
        (Some("bytes=3-"), Some(TAG), Some("identity"))
    );
    assert_eq!(saved.unwrap(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_panics_leaves_no_place_taken() {
    let (files, script) = files([Step::status(200).body("0123456789"), Step::status(200).body("abc")]);
    let folder = Folder::new();
    let path = folder.path("file");
    let client = files.clone();
    let panicked = tokio::spawn(async move {
        client.file().await.unwrap().progress(|_| panic!("of the test")).save_to(path).await
    });
    assert!(panicked.await.unwrap_err().is_panic());
    assert!(folder.names().is_empty());
    assert_eq!(files.file().await.unwrap().save_to(folder.path("x")).await.unwrap(), 3);
    assert_eq!(script.remaining(), 0);
}
