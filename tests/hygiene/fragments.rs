//! Traits out of `macro_rules!`, whose parts are passed as fragments of every kind.

use pynector::Result;

macro_rules! api {
    (
        $vis:vis $name:ident as $client:ident at $url:literal in $prefix:literal;
        $header:literal = $value:expr; $retries:literal; $from:literal; $crate_path:path; $limit:literal; $bounds:path;
        type $item:ident = $ty:ty;
        $($verb:ident $path:literal $method:ident($($arg:ident: $arg_ty:ty),*) -> $out:ty;)*
        $(#[$whole:meta] $other:ident;)*
        { $($body:tt)* }
    ) => {
        #[pynector::api(
            base_url = $url,
            client = $client,
            crate = $crate_path,
            prefix = $prefix,
            headers($header = $value),
            timeout = $limit,
            retry(max_retries = $retries, status_codes(429, $from..=504)),
        )]
        $vis trait $name: $bounds {
            type $item: Send = $ty;
            $(
                #[$verb($path, timeout = $limit)]
                async fn $method(&self, $($arg: $arg_ty),*) -> $out;
            )*
            $(
                #[$whole]
                async fn $other(&self, #[header($header)] header: Option<$ty>) -> Result<Vec<Self::$item>>;
            )*
            $($body)*
        }
    };
}

api! {
    pub(crate) Fragments as Pieces at "http://localhost" in "/v1/{tenant}";
    "x-a" = "b"; 5; 500; ::pynector; "1s"; Clone;
    type Item = String;
    get "/{id}" one(id: &str) -> Result<Option<String>>;
    delete "/{id}/{other}" two(id: u8, other: &u8) -> Result<()>;
    #[get("/whole", retry = off)] whole;
    #[http("QUERY", "/query")] query;
    {
        #[get("/{type}")]
        async fn raw(&self, r#type: u8) -> Result<()>;

        async fn helper(&self) -> Result<()> {
            self.raw(1).await
        }
    }
}

/// Attributes beside a verb, in parts and whole.
macro_rules! streams {
    (
        $field:literal to $parameter:ident = $name:literal; $first:literal; $(#[$beside:meta])*; $until:literal, $every:literal;
        $size:literal
    ) => {
        #[pynector::api(base_url = "http://localhost")]
        trait Streams {
            #[get("/cursors")]
            #[paginate(cursor = $field -> $name, items = $field)]
            async fn cursors(&self, #[query] $parameter: u8) -> Result<pynector::Pages<u8>>;
            #[get("/pages")]
            #[paginate(page = $name, first = $first)]
            async fn pages(&self) -> Result<pynector::Pages<u8>>;
            #[get("/links")]
            $(#[$beside])*
            async fn links(&self) -> Result<pynector::Pages<u8>>;
            #[get("/events")]
            #[events(until = $until, heartbeat = $every)]
            async fn events(&self) -> Result<pynector::Events<u8>>;
            #[get("/lines")]
            #[lines(max_line = $size)]
            async fn lines(&self) -> Result<pynector::JsonLines<u8>>;
        }
    };
}

streams!("next" to after = "after"; 0; #[paginate(link)]; "end", "1s"; "1KiB");

/// Everything the macro's own, but for what it is called with.
macro_rules! own {
    ($(#[$attr:meta])* $visibility:vis trait $name:ident { $($item:item)* }) => {
        $(#[$attr])*
        $visibility trait $name { $($item)* }
    };
}

own! {
    #[pynector::api(base_url = "http://localhost")]
    #[allow(dead_code)]
    trait Items {
        #[get("/{id}")]
        async fn one(&self, #[path_param("id")] renamed: u8) -> Result<()>;
        const NOTHING: u8 = 0;
        type Item = u8;
    }
}

/// The whole trait as one fragment.
macro_rules! whole {
    ($item:item) => {
        #[pynector::api(base_url = "http://localhost")]
        $item
    };
}

whole! {
    trait Whole {
        #[get("/{id}")]
        async fn one(&self, id: u8) -> Result<()>;
    }
}

/// Names of the macro's own, beside the same ones of its user.
macro_rules! mixed {
    ($name:ident, $id:ident, $pattern:pat, $ty:ty) => {
        #[pynector::api(base_url = "http://localhost")]
        trait $name {
            #[get("/{id}/{call}")]
            async fn get(&self, $id: $ty, #[query("second")] $pattern: $ty, call: $ty) -> Result<()>;
        }
    };
}

mixed!(Mixed, id, named, &'static str);

#[test]
fn out_of_fragments() {
    let pieces = Pieces::new("a").unwrap().with_tenant("b");
    drop((pieces.one("a"), pieces.two(1, &2), pieces.whole(None), pieces.query(Some("a".to_owned()))));
    drop((pieces.raw(1), pieces.helper()));
    assert_eq!(Pieces::OPERATIONS[0].template(), "/v1/{tenant}/{id}");
    assert_eq!(Pieces::OPERATIONS.len(), 5);
    drop(ItemsClient::new().unwrap().one(1));
    let streams = StreamsClient::new().unwrap();
    drop((streams.cursors(1), streams.pages(), streams.links(), streams.events(), streams.lines()));
    drop(WholeClient::new().unwrap().one(1));
    drop(MixedClient::new().unwrap().get("a", "b", "c"));
}
