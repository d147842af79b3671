// errors: 1, at: limit

#[pynector::api(dyn)]
trait Api {
    fn limit() -> usize {
        100
    }
}

fn main() {}
