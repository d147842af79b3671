//! One ladder for settings and headers: options, verb, builder, trait, defaults.

use pynector::backend::Step;
use pynector::{
    AnyOrigin, Breaker, CallOptions, Client as _, ErrorKind, HttpMessage, HttpTransport, Operation, Result,
    RetryPolicy, Timeouts,
};

use crate::{S, built};

#[pynector::api(headers("x-level" = "trait", "x-trait" = "a", "x-trait" = "b"), retry(max_retries = 5))]
trait Levels {
    #[get("/plain")]
    async fn plain(&self) -> Result<()>;

    #[get("/verb", headers("x-level" = "verb"), retry(max_retries = 3))]
    async fn verb(&self) -> Result<()>;

    #[get("/param", headers("x-level" = "verb"))]
    async fn param(&self, #[header("x-level")] level: Option<&str>) -> Result<()>;
}

/// What reaches the wire at each level: the header, and the requests of a call that always fails.
async fn seen(call: &str, builder: bool, options: bool) -> (Vec<String>, usize) {
    let mut base = LevelsClient::builder().base_url("http://h");
    if builder {
        base = base.header("x-level", "builder").retry(RetryPolicy::new().max_retries(4));
    }
    let (mut levels, script) = built(base, (0..9).map(|_| Step::status(503)));
    if options {
        let own = CallOptions::new().header("x-level", "options").retry(RetryPolicy::new().max_retries(1));
        levels = levels.with_options(own);
    }
    let error = match call {
        "plain" => levels.plain().await,
        "verb" => levels.verb().await,
        "param" => levels.param(Some("param")).await,
        "empty" => levels.param(Some("")).await,
        _ => levels.param(None).await,
    };
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Status(503));
    let requests = script.requests();
    let level = requests[0].headers.get_all("x-level").iter().map(|value| value.to_str().unwrap().to_owned());
    (level.collect(), requests.len())
}

#[tokio::test(start_paused = true)]
async fn the_nearer_level_wins() {
    for (call, builder, options, header, requests) in [
        ("plain", false, false, "trait", 6),
        ("plain", true, false, "builder", 5),
        ("plain", true, true, "options", 2),
        ("verb", false, false, "verb", 4),
        ("verb", true, false, "verb", 4),
        ("verb", true, true, "options", 2),
        ("param", true, true, "param", 2),
        ("empty", false, false, "", 6),
        ("none", false, false, "verb", 6),
        ("none", false, true, "options", 2),
    ] {
        let (level, attempts) = seen(call, builder, options).await;
        assert_eq!((level, attempts), (vec![header.to_owned()], requests), "{call} {builder} {options}");
    }
}

#[tokio::test(start_paused = true)]
async fn later_options_win_over_earlier_ones_field_by_field() {
    let (levels, script) =
        built(LevelsClient::builder().base_url("http://h"), (0..9).map(|_| Step::status(503)));
    let first = CallOptions::new().header("x-level", "first").retry(RetryPolicy::new().max_retries(2));
    let second = CallOptions::new().retry(RetryPolicy::new().max_retries(1));
    levels.with_options(first).with_options(second).plain().await.unwrap_err();
    let requests = script.requests();
    assert_eq!((requests.len(), &requests[0].headers["x-level"]), (2, &"first".parse().unwrap()));
}

#[tokio::test(start_paused = true)]
async fn one_level_may_repeat_a_name_and_defaults_fill_the_rest() {
    let (levels, script) = built(LevelsClient::builder().base_url("http://h"), [Step::status(200)]);
    levels.plain().await.unwrap();
    let headers = &script.requests()[0].headers;
    assert_eq!(headers.get_all("x-trait").iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(headers["accept"], "*/*");
    assert_eq!(headers["accept-encoding"], "zstd, br, gzip, deflate");
    assert!(headers["user-agent"].to_str().unwrap().starts_with("pynector/"));
    assert!(!headers.contains_key("content-length") && !headers.contains_key("content-type"));
}

#[tokio::test(start_paused = true)]
async fn several_apis_stand_over_one_transport() {
    let (transport, script) = built(
        HttpTransport::builder("http://h/v1/").header("x-level", "transport"),
        (0..9).map(|_| Step::status(503)),
    );
    let levels = LevelsClient::from_transport(transport.clone()).unwrap();
    levels.plain().await.unwrap_err();
    let requests = script.requests();
    assert_eq!(requests.len(), 6, "the trait's retry holds where the transport says nothing");
    assert_eq!(requests[0].headers["x-level"], "transport");
    assert_eq!(requests[0].uri, "http://h/v1/plain");
    assert_eq!(LevelsClient::API.name(), "Levels");
    assert_eq!(LevelsClient::OPERATIONS.len(), 3);
}

#[pynector::api]
trait Grouped {
    #[get("/a", breaker(failure_threshold = 2, group = "g"))]
    async fn a(&self) -> Result<()>;
}

#[pynector::api]
trait OtherNumbers {
    #[get("/b", breaker(failure_threshold = 3, group = "g"))]
    async fn b(&self) -> Result<()>;
}

#[test]
fn a_breaker_group_has_one_set_of_numbers() {
    let (transport, _) = built(HttpTransport::builder("http://h"), []);
    let grouped = GroupedClient::from_transport(transport.clone()).unwrap();
    drop(grouped.a());
    GroupedClient::from_transport(transport.clone()).unwrap();
    let error = OtherNumbersClient::from_transport(transport).map(|other| drop(other.b())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.invalid_setting().unwrap().field, "breaker.group");
}

#[test]
fn cfg_1_bad_settings_fail_when_the_client_is_built() {
    for (builder, field) in [
        (HttpTransport::builder("not a url"), "base_url"),
        (HttpTransport::builder("http://h").retry(RetryPolicy::new().multiplier(0.0)), "retry.multiplier"),
        (HttpTransport::builder("http://h").breaker(Breaker::new().probes(0)), "breaker.probes"),
        (HttpTransport::builder("http://h").header("a b", "c"), "headers"),
        (HttpTransport::builder("http://h").bearer("a\nb"), "credentials"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.invalid_setting().unwrap().field, field, "{error}");
        assert!(error.to_string().contains("but must"), "{error}");
    }
}

#[pynector::api(breaker(failure_threshold = 9))]
trait Guarded {
    #[get("/a")]
    async fn a(&self) -> Result<()>;
}

#[test]
fn a_builder_may_name_the_group_of_its_trait_s_breaker() {
    let breaker = pynector::Breaker::on().group("g");
    let (guarded, _) = crate::built(GuardedClient::builder().base_url("http://h").breaker(breaker), []);
    drop(guarded.a());
}

#[pynector::api]
trait Silent {
    #[get("/plain")]
    async fn plain(&self) -> Result<String>;
}

#[pynector::api(max_redirects = 4, max_body = "4B", decompress = off)]
trait Limited {
    #[get("/plain")]
    async fn plain(&self) -> Result<String>;

    #[get("/verb", max_redirects = 2, max_body = "2B", decompress = off)]
    async fn verb(&self) -> Result<String>;
}

#[pynector::api(follow_redirects = false)]
trait Stay {
    #[get("/plain")]
    async fn plain(&self) -> Result<String>;

    #[get("/verb", follow_redirects = false)]
    async fn verb(&self) -> Result<String>;

    #[get("/verb", follow_redirects)]
    async fn go(&self) -> Result<String>;
}

/// How far down the ladder a call is: what is said at each level above it is not there.
const LEVELS: [(&str, bool, bool); 5] = [
    ("default", false, false),
    ("plain", false, false),
    ("plain", true, false),
    ("verb", true, false),
    ("verb", true, true),
];

/// A call of `Limited` or, for the defaults, of `Silent`; the builder says 3 and the options 1.
async fn limited(level: (&str, bool, bool), steps: Vec<Step>) -> (Result<String>, usize, bool) {
    let (call, builder, options) = level;
    let (transport, script) = if builder {
        let base = HttpTransport::builder("http://h").max_redirects(3).max_body(3).decompress(true);
        built(base, steps)
    } else {
        built(HttpTransport::builder("http://h"), steps)
    };
    let transport = if options {
        transport.with_options(CallOptions::new().max_redirects(1).max_body(1).decompress(true))
    } else {
        transport
    };
    let answer = match call {
        "default" => SilentClient::from_transport(transport).unwrap().plain().await,
        "plain" => LimitedClient::from_transport(transport).unwrap().plain().await,
        _ => LimitedClient::from_transport(transport).unwrap().verb().await,
    };
    let requests = script.requests();
    (answer, requests.len(), requests[0].headers.contains_key("accept-encoding"))
}

#[tokio::test(start_paused = true)]
async fn max_redirects_goes_down_the_ladder() {
    for (level, hops) in LEVELS.into_iter().zip([10, 4, 3, 2, 1]) {
        let steps = (0..20).map(|hop| Step::status(302).header("location", &format!("/{hop}"))).collect();
        let (answer, requests, _) = limited(level, steps).await;
        assert_eq!((answer.unwrap_err().kind(), requests), (ErrorKind::Redirect, hops + 1), "{level:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn max_body_goes_down_the_ladder() {
    for (level, most) in LEVELS.into_iter().zip([9, 4, 3, 2, 1]) {
        for (size, fits) in [(most, true), (most + 1, most == 9)] {
            let steps = vec![Step::status(200).body("x".repeat(size))];
            let (answer, ..) = limited(level, steps).await;
            let kind = answer.err().map(|error| error.kind());
            assert_eq!(kind, (!fits).then_some(ErrorKind::BodyTooLarge), "{level:?} {size}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn decompress_goes_down_the_ladder() {
    for (level, asked) in LEVELS.into_iter().zip([true, false, true, false, true]) {
        let (_, _, asks) = limited(level, vec![Step::status(200)]).await;
        assert_eq!(asks, asked, "{level:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn follow_redirects_goes_down_the_ladder() {
    for (call, builder, options, follows) in [
        ("default", false, false, true),
        ("plain", false, false, false),
        ("plain", true, false, true),
        ("verb", true, false, false),
        ("verb", true, true, true),
        ("go", false, false, true),
    ] {
        let steps = [Step::status(302).header("location", "/there"), Step::status(200)];
        let base = HttpTransport::builder("http://h");
        let (transport, script) = built(if builder { base.follow_redirects(true) } else { base }, steps);
        let transport = if options {
            transport.with_options(CallOptions::new().follow_redirects(true))
        } else {
            transport
        };
        let stay = StayClient::from_transport(transport.clone()).unwrap();
        let answer = match call {
            "default" => SilentClient::from_transport(transport).unwrap().plain().await,
            "plain" => stay.plain().await,
            "verb" => stay.verb().await,
            _ => stay.go().await,
        };
        assert_eq!((answer.is_ok(), script.requests().len()), (follows, 1 + usize::from(follows)), "{call}");
    }
}

#[pynector::api(base_url = "http://h", any_origin)]
#[allow(dead_code, reason = "nobody calls it")]
trait Roaming {}

#[tokio::test(start_paused = true)]
async fn any_origin_goes_down_the_ladder() {
    let elsewhere = HttpMessage::new().url("http://other/x");
    for (of_trait, builder, options, leaves) in [
        (false, None, None, false),
        (true, None, None, true),
        (true, Some(false), None, false),
        (true, Some(false), Some(true), true),
    ] {
        let mut base = HttpTransport::builder("http://h");
        if let Some(any) = builder {
            base = base.any_origin(any);
        }
        let (mut transport, _) = built(base, [Step::status(200)]);
        if of_trait {
            transport = RoamingClient::from_transport(transport).unwrap().transport().clone();
        }
        if let Some(any) = options {
            transport = transport.with_options(CallOptions::new().any_origin(any));
        }
        transport.connect().await.unwrap();
        let sent = transport.send(&elsewhere).await;
        assert_eq!(sent.is_ok(), leaves, "{of_trait} {builder:?} {options:?}: {sent:?}");
    }
}

#[test]
fn operations_say_what_they_are() {
    let told = |operation: &Operation| {
        (operation.name(), operation.method(), operation.template(), operation.is_idempotent())
    };
    assert_eq!(
        DescribedClient::OPERATIONS.iter().map(told).collect::<Vec<_>>(),
        [
            ("Described::plain", "GET", "/things/{id}", true),
            ("Described::add", "POST", "/things", false),
            ("Described::put_up", "POST", "/things", true),
            ("Described::all", "PURGE", "/all", false),
        ]
    );
    let [plain, .., all] = DescribedClient::OPERATIONS else { panic!("there are more") };
    let said = all.settings();
    assert_eq!(all.fixed_headers(), [("x-level", "verb")]);
    assert_eq!(said.timeouts(), Some(Timeouts::new().timeout(S)));
    assert_eq!(said.retry(), Some(RetryPolicy::new().max_retries(1).any_method()));
    assert_eq!(said.breaker(), Some(Breaker::off()));
    assert_eq!((said.follow_redirects(), said.max_redirects()), (Some(true), Some(3)));
    assert_eq!((said.max_body(), said.decompress()), (Some(u64::MAX), Some(false)));
    assert_eq!(said.any_origin(), Some(AnyOrigin::Refused));
    let silent = plain.settings();
    assert!(silent.timeouts().is_none() && silent.retry().is_none() && silent.breaker().is_none());
    assert!(silent.follow_redirects().is_none() && silent.max_redirects().is_none());
    assert!(silent.max_body().is_none() && silent.decompress().is_none() && silent.any_origin().is_none());
}

#[pynector::api(retry(max_retries = 5))]
#[allow(dead_code, reason = "nobody calls it")]
trait Described {
    #[get("/things/{id}")]
    async fn plain(&self, id: u8) -> Result<()>;

    #[post("/things")]
    async fn add(&self) -> Result<()>;

    #[post("/things", idempotent)]
    async fn put_up(&self) -> Result<()>;

    #[http(
        "PURGE",
        "/all",
        headers("x-level" = "verb"),
        timeout = "1s",
        retry(max_retries = 1, any_method),
        breaker = off,
        follow_redirects = true,
        max_redirects = 3,
        any_origin = false,
        max_body = none,
        decompress = off
    )]
    async fn all(&self) -> Result<()>;
}

#[pynector::api(base_url = "http://h", any_origin)]
trait Links {
    #[get]
    async fn plain(&self, #[url] url: &str) -> Result<String>;

    #[get(any_origin = false)]
    async fn stay(&self, #[url] url: &str) -> Result<String>;
}

#[tokio::test(start_paused = true)]
async fn a_verb_takes_any_origin_back() {
    for (verb, options, leaves) in [(false, None, true), (true, None, false), (true, Some(true), true)] {
        let (mut links, _) = built(LinksClient::builder(), [Step::status(200)]);
        if let Some(any) = options {
            links = links.with_options(CallOptions::new().any_origin(any));
        }
        let url = "http://other/x";
        let answer = if verb { links.stay(url).await } else { links.plain(url).await };
        assert_eq!(answer.is_ok(), leaves, "{verb} {options:?}: {answer:?}");
    }
}
