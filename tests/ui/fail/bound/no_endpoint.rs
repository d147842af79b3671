// errors: 1, at: &"/users"

fn main() {
    let transport = pynector::HttpTransport::builder("http://localhost").build().unwrap();
    let _call = transport.request(&"/users");
}
