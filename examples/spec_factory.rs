//! Factories, as in §7.1 of the specification: transports with shared defaults, by name, of a message of one's own.
//!
//! ```text
//! cargo run --example spec_factory    exit code 0 if everything came as it must
//! ```

use std::time::Duration;

use axum::Router;
use axum::body::Bytes as Sent;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use pynector::bytes::Bytes;
use pynector::{
    Error, HttpTransportFactory, Message, Overrides, Payload, Result, Transport, TransportRegistry,
};
use serde_json::{Value, json};

/// What a thermometer measured: four bytes.
#[derive(Debug, PartialEq)]
struct Reading {
    station: u16,
    /// Tenths of a degree.
    celsius: i16,
}

impl Message for Reading {
    fn serialize(&self) -> Result<Bytes> {
        let [a, b] = self.station.to_be_bytes();
        let [c, d] = self.celsius.to_be_bytes();
        Ok(Bytes::copy_from_slice(&[a, b, c, d]))
    }

    fn deserialize(bytes: &[u8]) -> Result<Self> {
        let [a, b, c, d] = bytes.try_into().map_err(Error::deserialize)?;
        Ok(Self { station: u16::from_be_bytes([a, b]), celsius: i16::from_be_bytes([c, d]) })
    }

    // A payload that names no method is a POST of the serialized bytes.
    fn payload(&self) -> Payload {
        let mut payload = Payload::default();
        payload.url = String::from("/readings");
        payload
    }

    fn content_type(&self) -> Option<&str> {
        Some("application/vnd.reading")
    }
}

/// The same server, as a trait.
#[pynector::api]
trait Weather {
    #[get("/stations/{station}")]
    async fn station(&self, station: u16) -> Result<Value>;
}

/// Answers with the corrected reading: half a degree more.
async fn correct(headers: HeaderMap, reading: Sent) -> Response {
    match Reading::deserialize(&reading) {
        Ok(Reading { station, celsius })
            if headers.get("content-type").is_some_and(|kind| kind == "application/vnd.reading") =>
        {
            let corrected = Reading { station, celsius: celsius + 5 };
            corrected.serialize().unwrap_or_default().into_response()
        }
        _ => axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response(),
    }
}

/// Shows which headers came from whom.
async fn station(Path(station): Path<u16>, headers: HeaderMap) -> Json<Value> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    Json(json!({ "station": station, "by": header("user-agent"), "region": header("x-region") }))
}

/// Code over a message and any transport of it, whatever it was made by.
async fn corrected<M: Message>(transport: &impl Transport<M>, message: &M) -> Result<Option<M>> {
    transport.connect().await?;
    transport.send(message).await?;
    let answer = transport.receive().await.transpose();
    transport.disconnect().await;
    answer
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let routes = Router::new().route("/readings", post(correct)).route("/stations/{station}", get(station));
    let url = pynector_examples::serve(routes).await?;

    // What every transport of the factory starts from.
    let defaults =
        Overrides::new().header("user-agent", "weather/1.0").header("x-region", "north").max_retries(1);
    let factory = HttpTransportFactory::<Reading>::new(&url).defaults(defaults);

    // One of them, with settings of its own.
    let transport = factory.create_transport(Overrides::new().timeout(Duration::from_secs(5)))?;
    let measured = Reading { station: 7, celsius: -31 };
    let answer = corrected(&transport, &measured).await?;
    println!("{measured:?} was corrected to {answer:?}");
    assert_eq!(answer, Some(Reading { station: 7, celsius: -26 }));

    // A generated client over a transport of the factory: headers merge by name, the nearer one wins.
    let transport = factory.create_transport(Overrides::new().header("X-Region", "south"))?;
    let weather = WeatherClient::from_transport(transport)?;
    let seen = weather.station(7).await?;
    println!("a generated client over a transport of the factory: {seen}");
    assert_eq!(seen, json!({ "station": 7, "by": "weather/1.0", "region": "south" }));

    // By name, for a program that reads from its configuration which one to take.
    let mut registry = TransportRegistry::<Reading>::new();
    registry.register("thermometers", factory)?;
    let named = registry.create("thermometers")?;
    assert_eq!(corrected(&named, &measured).await?, answer);

    let unknown = registry.create("thermometer").err().ok_or("a name that nobody registered")?;
    println!("{unknown}");
    assert!(unknown.to_string().contains("thermometers"));
    let taken = registry.register("thermometers", HttpTransportFactory::<Reading>::new(&url));
    assert!(taken.is_err_and(|error| error.invalid_setting().is_some()));
    Ok(())
}
