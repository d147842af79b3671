//! What the mock says when it was not met: its text is what a programmer reads when a test fails.

use pynector::testing::{Expectation, MockTransport, Reply};
use pynector::{Operation, Secret};
use serde_json::json;

use super::{Users as _, UsersClient, panic_of};
use crate::{Things as _, ThingsClient};

const LIST: Operation = Operation::get("Repos::issues", "/repos/{owner}/{repo}/issues");
const OPEN: Operation = Operation::post("Repos::open", "/repos/{owner}/{repo}/issues");

#[tokio::test(start_paused = true)]
async fn each_request_is_compared_with_the_nearest_expectation_line_by_line() {
    let mock = MockTransport::new();
    let at = format!("{}:{}", file!(), line!() + 1);
    mock.expect(&LIST)
        .path("/repos/a/b/issues")
        .query("page", 2)
        .query("state", "open")
        .header("x-trace", "7");
    let at_open = format!("{}:{}", file!(), line!() + 1);
    mock.expect(&OPEN)
        .header("x-trace", "7")
        .json(&json!({ "title": "Broken", "labels": ["bug", "urgent"] }))
        .no_query("draft")
        .times(2)
        .reply(Reply::json(201, &json!({ "number": 1 })));
    let transport = mock.transport().unwrap();
    let list =
        transport.call(&LIST).path("owner", "a").path("repo", "c").query("page", &3).query("state", "open");
    list.send::<()>().await.unwrap_err();
    let open = transport.call(&OPEN).path("owner", "a").path("repo", "b").header("x-trace", &8);
    let issue = json!({ "title": "Works", "labels": ["bug"], "body": null });
    open.json(&issue).send::<()>().await.unwrap_err();

    let expected = format!(
        "\
the mock has 4 problems

request 1: GET /repos/a/c/issues?page=3&state=open of Repos::issues, attempt 1
  nearest is `Repos::issues` at {at} (- expected, + sent)
    operation Repos::issues
  - path      /repos/a/b/issues
  + path      /repos/a/c/issues
  - query     page=2
  + query     page=3
    query     state=open
  - header    x-trace: 7
  + header    (no x-trace)

request 2: POST /repos/a/b/issues of Repos::open, attempt 1
  nearest is `Repos::open` at {at_open} (- expected, + sent)
    operation Repos::open
    query     (no draft)
  - header    x-trace: 7
  + header    x-trace: 8
  - json      /labels/1 = \"urgent\"
  + json      /labels/1 = (none)
  - json      /title = \"Broken\"
  + json      /title = \"Works\"
  - json      /body = (none)
  + json      /body = null

`Repos::issues` at {at} expects at least 1 request and got 0

`Repos::open` at {at_open} expects 2 requests and got 0
"
    );
    assert_eq!(mock.problems().as_deref(), Some(&*expected));
    assert_eq!(panic_of(|| mock.verify()), Some(expected));
    // It was told; the drop says nothing.
}

#[tokio::test(start_paused = true)]
async fn one_too_many_and_none_expected_are_said() {
    let mock = MockTransport::new();
    let things: ThingsClient = mock.client().unwrap();
    things.get(1).await.unwrap_err();
    let at = format!("{}:{}", file!(), line!() + 1);
    mock.on("GET", "/things/2").reply(Reply::json(200, &7));
    things.get(2).await.unwrap();
    things.get(2).await.unwrap_err();
    let expected = format!(
        "\
the mock has 2 problems

request 1: GET /things/1 of Things::get, attempt 1
  there are no expectations

request 3: GET /things/2 of Things::get, attempt 1
  is one too many for `GET /things/2` at {at}, which expects 1 request
"
    );
    assert_eq!(panic_of(|| drop(mock)), Some(expected));
}

#[tokio::test(start_paused = true)]
async fn a_drop_panics_once_and_never_in_a_panic() {
    let unmet = || {
        let mock = MockTransport::new();
        mock.expect_operation("Things::get");
        mock
    };
    assert!(panic_of(|| drop(unmet())).unwrap().contains("`Things::get` at "));
    let mock = unmet();
    assert!(panic_of(|| mock.verify()).is_some());
    assert_eq!(panic_of(|| drop(mock)), None);

    // The test's own panic is the one that is told; with a second one there would be none at all.
    let own = panic_of(|| {
        let _mock = unmet();
        panic!("{}", "the test's own");
    });
    assert_eq!(own.as_deref(), Some("the test's own"));

    let mock = unmet();
    let things: ThingsClient = mock.client().unwrap();
    assert!(panic_of(|| mock.verify()).is_some());
    let _ = things.remove(1).await;
    // What came after is news.
    assert!(panic_of(|| drop(mock)).unwrap().contains("DELETE /things/1"));
}

/// Set in the process of a test that is to fail.
const FAILING: &str = "PYNECTOR_FAILING_TEST";

/// What the standard error gets can be read only from outside of the process.
#[tokio::test(start_paused = true)]
async fn a_test_that_panics_by_itself_prints_what_differs() {
    if std::env::var_os(FAILING).is_some() {
        let mock = MockTransport::new();
        mock.on("GET", "/things/2");
        mock.client::<ThingsClient>().unwrap().get(1).await.unwrap();
        return;
    }
    let name = "mock_transport::report::a_test_that_panics_by_itself_prints_what_differs";
    let mut test = std::process::Command::new(std::env::current_exe().unwrap());
    let output = test.args([name, "--exact", "--nocapture"]).env(FAILING, "1").output().unwrap();
    let printed = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{printed}");
    assert!(printed.contains("the mock expects no such request"), "{printed}");
    assert!(printed.contains("\n  - path      /things/2\n  + path      /things/1\n"), "{printed}");
}

#[tokio::test(start_paused = true)]
async fn the_number_of_requests_is_a_number_or_a_range() {
    let unmet = async |mock: MockTransport, calls: u32| {
        let things: ThingsClient = mock.client().unwrap();
        for _ in 0..calls {
            things.get(1).await.unwrap();
        }
        let problems = mock.problems();
        let _ = panic_of(|| drop(mock));
        problems
            .map(|text| text.trim().rsplit_once(" expects ").unwrap_or_else(|| panic!("{text}")).1.to_owned())
    };
    let expect = |set: fn(Expectation) -> Expectation| {
        let mock = MockTransport::new();
        set(mock.expect_operation("Things::get").reply(Reply::json(200, &7)));
        mock
    };
    for calls in 2..=4 {
        assert_eq!(unmet(expect(|it| it.times(2..)), calls).await, None);
        assert_eq!(unmet(expect(|it| it.times(2..=4)), calls).await, None);
        assert_eq!(unmet(expect(|it| it.times(..=4)), calls).await, None);
        assert_eq!(unmet(expect(|it| it.times(1..5)), calls).await, None);
        assert_eq!(unmet(expect(|it| it.times(..5)), calls).await, None);
    }
    assert_eq!(unmet(expect(|it| it.times(..)), 0).await, None);
    assert_eq!(unmet(expect(Expectation::never), 0).await, None);
    for (mock, calls, said) in [
        (expect(|it| it), 0, "1 request and got 0"),
        (expect(|it| it.times(2..)), 1, "at least 2 requests and got 1"),
        (expect(|it| it.times(2..=4)), 1, "2 to 4 requests and got 1"),
        (expect(|it| it.times(3)), 2, "3 requests and got 2"),
        (expect(|it| it.reply(Reply::json(200, &8))), 1, "2 requests and got 1"),
    ] {
        assert_eq!(unmet(mock, calls).await.as_deref(), Some(said));
    }
    // Replies that nobody can get are a mistake in the test.
    let mock = expect(|it| it.reply(Reply::json(200, &8)).times(1));
    mock.client::<ThingsClient>().unwrap().get(1).await.unwrap();
    assert!(panic_of(|| drop(mock)).unwrap().contains(" has 2 replies for 1 request\n"));
}

#[tokio::test(start_paused = true)]
async fn secrets_are_told_apart_but_not_shown() {
    let mock = MockTransport::new();
    let expectation = mock.expect_any().header("authorization", "Bearer hunter2").header("x-mine", "hunter2");
    let expectation = expectation.header("x-api-key", "hunter2");
    let expectation = expectation.query("token", "hunter2").json(&json!({ "password": "hunter2" }));
    let transport =
        mock.builder::<pynector::HttpTransport>().api_key("x-mine", Secret::new("hunter3")).build().unwrap();
    let call = transport.call(&OPEN).path("owner", "a").path("repo", "b").query("token", "hunter3");
    let call = call.bearer(Secret::new("hunter3")).json(&json!({ "password": "hunter3" }));
    // Nobody marked it, but its name says what it is.
    let call = call.header("x-api-key", "hunter3");
    let error = call.send::<()>().await.unwrap_err();
    let problems = panic_of(|| mock.verify()).unwrap();
    for line in [
        "POST /repos/a/b/issues?token=(hidden) of",
        "\n  - query     token=(hidden)\n  + query     token=(hidden), another\n",
        "\n  - header    authorization: (hidden)\n  + header    authorization: (hidden), another\n",
        "\n  - header    x-api-key: (hidden)\n  + header    x-api-key: (hidden), another\n",
        "\n  - header    x-mine: (hidden)\n  + header    x-mine: (hidden), another\n",
        "\n  - json      /password = (hidden)\n  + json      /password = (hidden), another\n",
    ] {
        assert!(problems.contains(line), "{line}: {problems}");
    }
    let told = format!("{problems} {error} {error:?} {mock:?} {expectation:?} {:?}", mock.requests());
    assert!(!told.contains("hunter"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn bodies_that_are_no_json_are_shown_as_they_are() {
    let mock = MockTransport::new();
    mock.expect_any().body("yes");
    let transport = mock.transport().unwrap();
    transport.call(&OPEN).path("owner", "a").path("repo", "b").json("no").send::<()>().await.unwrap_err();
    let problems = panic_of(|| drop(mock)).unwrap();
    assert!(problems.contains("\n  - body      \"yes\"\n  + body      \"\\\"no\\\"\"\n"), "{problems}");

    let mock = MockTransport::new();
    mock.expect_operation("Users::user").json(&1);
    mock.client::<UsersClient>().unwrap().user("x", None).await.unwrap_err();
    let problems = panic_of(|| drop(mock)).unwrap();
    assert!(problems.contains("\n  - json      (JSON)\n  + json      (no body)\n"), "{problems}");
}
