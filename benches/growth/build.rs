//! Writes traits of many endpoints and of many headers, which nobody wants to write by hand.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const ENDPOINTS: [usize; 3] = [1, 100, 1000];
const HEADERS: [usize; 2] = [4, 40];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut text = String::new();
    for count in ENDPOINTS {
        text += &format!("#[pynector::api(breaker, decompress = off)]\ntrait Endpoints{count} {{\n");
        for nth in 0..count {
            let _ = writeln!(
                text,
                "#[get(\"/e{nth}/{{id}}\")] async fn e{nth}(&self, id: u32) -> pynector::Result<Record>;"
            );
        }
        // Each is called in its turn: a method that nobody calls is not even in the program.
        text += &format!("}}\nconst ENDPOINTS{count}: [Method<Endpoints{count}Client>; {count}] = [\n");
        for nth in 0..count {
            let _ = writeln!(text, "|api| Box::pin(api.e{nth}(7)),");
        }
        text += "];\n";
    }
    for count in HEADERS {
        let pairs: Vec<_> = (0..count).map(|nth| format!("\"x-header-{nth}\" = \"value-{nth}\"")).collect();
        let _ = write!(
            text,
            "#[pynector::api(breaker, decompress = off, headers({}))]\ntrait Headers{count} {{\n\
             #[get(\"/h/{{id}}\")] async fn get(&self, id: u32) -> pynector::Result<Record>;\n}}\n",
            pairs.join(", ")
        );
    }
    let path = Path::new(&env::var("OUT_DIR").expect("cargo says where")).join("traits.rs");
    fs::write(path, text).expect("the traits");
}
