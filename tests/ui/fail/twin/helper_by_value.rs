// errors: 1, at: self

#[pynector::api(dyn)]
trait Api {
    fn done(self) -> usize
    where
        Self: std::marker::Sized + Clone,
    {
        1
    }
}

fn main() {}
