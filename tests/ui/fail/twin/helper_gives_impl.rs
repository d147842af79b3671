// errors: 1, at: impl

#[pynector::api(dyn, blocking)]
trait Api {
    fn ids(&self) -> impl Iterator<Item = u8> {
        0..9
    }
}

fn main() {}
