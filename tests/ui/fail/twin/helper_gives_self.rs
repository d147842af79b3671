// errors: 1, at: Self

#[pynector::api(mock)]
trait Api {
    fn twice(&self, other: Option<&Self>) -> usize {
        if other.is_some() { 2 } else { 1 }
    }
}

fn main() {}
