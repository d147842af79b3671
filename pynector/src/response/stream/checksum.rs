//! Checksums of what is saved: given by the program, or announced by the server (RFC 9530).

use super::ByteStream;
use crate::error::Result;

#[cfg(feature = "checksum")]
pub use self::sha::Checksum;
#[cfg(feature = "checksum")]
pub(super) use self::sha::{Hasher, Verify};

#[cfg(not(feature = "checksum"))]
pub(super) use self::none::{Hasher, Verify};

/// Nothing is verified where there is no way to say what.
#[cfg(not(feature = "checksum"))]
mod none {
    use super::{ByteStream, Result};

    /// There is none.
    #[derive(Debug)]
    pub(in crate::response) enum Hasher {}

    impl Hasher {
        pub(in crate::response) fn update(&mut self, _: &[u8]) {
            match *self {}
        }
    }

    #[derive(Debug, Default)]
    pub(in crate::response) struct Verify(());

    #[derive(Debug)]
    pub(in crate::response) struct Check;

    impl Verify {
        #[expect(
            clippy::unused_self,
            clippy::unnecessary_wraps,
            reason = "the feature `checksum` needs them"
        )]
        pub(in crate::response) fn begin(self, _: &mut ByteStream, _: bool) -> Result<Check> {
            Ok(Check)
        }
    }

    impl Check {
        #[expect(clippy::unused_self, reason = "the feature `checksum` needs it")]
        pub(in crate::response) fn hasher(&self) -> Option<Box<Hasher>> {
            None
        }

        #[expect(
            clippy::unused_self,
            clippy::unnecessary_wraps,
            reason = "the feature `checksum` needs them"
        )]
        pub(in crate::response) fn settle(self, _: &ByteStream, _: Option<Box<Hasher>>) -> Result<()> {
            Ok(())
        }
    }
}

#[cfg(feature = "checksum")]
mod sha {
    use std::fmt::Write as _;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use http::{HeaderMap, StatusCode};
    use sha2::{Digest as _, Sha256, Sha512};

    use super::super::State;
    use super::{ByteStream, Result};
    use crate::error::{Error, ErrorKind};

    /// What a saved file must have for a checksum; see [`Save::checksum`](crate::Save::checksum). Feature `checksum`.
    ///
    /// ```no_run
    /// # use pynector::{ByteStream, Checksum, Result};
    /// # async fn run(stream: ByteStream, published: &str) -> Result<()> {
    /// stream.save_to("tool.tar").checksum(Checksum::sha256(published)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Clone, Debug)]
    pub struct Checksum(Source);

    #[derive(Clone, Debug)]
    enum Source {
        Given(Algorithm, String),
        Announced,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Algorithm {
        Sha256,
        Sha512,
    }

    impl Checksum {
        /// This SHA-256 of the file, in 64 hexadecimal digits.
        ///
        /// Other text is an error of kind [`Request`](ErrorKind::Request) when the saving starts.
        pub fn sha256(hex: impl Into<String>) -> Self {
            Self(Source::Given(Algorithm::Sha256, hex.into()))
        }

        /// This SHA-512 of the file, in 128 hexadecimal digits; other text as in [`sha256`](Self::sha256).
        pub fn sha512(hex: impl Into<String>) -> Self {
            Self(Source::Given(Algorithm::Sha512, hex.into()))
        }

        /// The one that the server announces by `repr-digest` or `content-digest` (RFC 9530).
        ///
        /// It shows that nothing was lost on the way, and nothing about who made the file. There must be one by SHA-512 or
        /// SHA-256, else the saving fails with kind [`Checksum`](ErrorKind::Checksum) before it starts. Of a compressed body
        /// it is that of the compressed bytes, as the RFC says.
        pub fn announced() -> Self {
            Self(Source::Announced)
        }
    }

    impl Algorithm {
        const ALL: [Self; 2] = [Self::Sha512, Self::Sha256];

        const fn key(self) -> &'static str {
            match self {
                Self::Sha256 => "sha-256",
                Self::Sha512 => "sha-512",
            }
        }

        const fn bytes(self) -> usize {
            match self {
                Self::Sha256 => 32,
                Self::Sha512 => 64,
            }
        }

        fn parse(self, hex: &str) -> Result<Vec<u8>> {
            let bytes = hex.as_bytes().chunks(2).map(|pair| {
                let digits = std::str::from_utf8(pair).ok().filter(|pair| !pair.starts_with('+'))?;
                u8::from_str_radix(digits, 16).ok()
            });
            let bytes: Option<Vec<_>> = bytes.collect();
            bytes.filter(|bytes| hex.len() == 2 * self.bytes() && bytes.len() == self.bytes()).ok_or_else(
                || {
                    let (name, digits) = (self.key(), 2 * self.bytes());
                    Error::new(
                        ErrorKind::Request,
                        format!("a checksum by {name} is {digits} hexadecimal digits"),
                    )
                },
            )
        }
    }

    /// What is to be verified, as it was asked for.
    #[derive(Debug, Default)]
    pub(in crate::response) struct Verify(Vec<Checksum>);

    /// What is to be verified.
    #[derive(Debug)]
    pub(in crate::response) struct Check {
        expected: Vec<Expected>,
    }

    #[derive(Debug)]
    struct Expected {
        algorithm: Algorithm,
        digest: Vec<u8>,
        /// Whether it is of the bytes as they came, before they were decompressed.
        coded: bool,
    }

    impl Verify {
        pub(in crate::response) fn add(&mut self, checksum: Checksum) {
            self.0.push(checksum);
        }

        /// Looks at what there is to verify, of a stream of which nothing was read, or which goes on with what is here.
        pub(in crate::response) fn begin(self, stream: &mut ByteStream, goes_on: bool) -> Result<Check> {
            let expected = self.0.into_iter().map(|Checksum(source)| match source {
                Source::Given(algorithm, hex) => {
                    Ok(Expected { algorithm, digest: algorithm.parse(&hex)?, coded: false })
                }
                Source::Announced => announced(stream, goes_on)
                    .map_err(|why| Error::new(ErrorKind::Checksum, why).with_call(stream.call())),
            });
            let check = Check { expected: expected.collect::<Result<_>>()? };
            let coded = Hasher::of(check.expected.iter().filter(|expected| expected.coded));
            if let (Some(hasher), State::Reading(source)) = (coded, &mut stream.state) {
                source.tap = Some(hasher);
            }
            Ok(check)
        }
    }

    fn announced(stream: &ByteStream, goes_on: bool) -> Result<Expected, &'static str> {
        if stream.bytes_read() > 0 {
            return Err(
                "the checksum that the server announces is of the whole body, of which a part was read already",
            );
        }
        let headers = stream.headers();
        // In the answer with a part, the first is of the whole and the second of the part.
        let names: &[_] = match stream.status() {
            StatusCode::PARTIAL_CONTENT if goes_on => &["repr-digest"],
            StatusCode::PARTIAL_CONTENT => &[],
            _ => &["repr-digest", "content-digest"],
        };
        let found = names.iter().find_map(|name| digest_of(headers, name));
        let (algorithm, digest) =
            found.ok_or("the server announces no checksum by SHA-256 or SHA-512 of what it sends")?;
        let coded = match &stream.state {
            State::Reading(source) => !source.decoder.is_identity(),
            State::Asking(_) | State::Ended => false,
        };
        Ok(Expected { algorithm, digest, coded })
    }

    /// The strongest that is known, of a dictionary of byte sequences (RFC 9530 §2, RFC 9651 §3.2).
    fn digest_of(headers: &HeaderMap, name: &str) -> Option<(Algorithm, Vec<u8>)> {
        Algorithm::ALL.into_iter().find_map(|algorithm| {
            let lines = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            // Of a key that comes twice the last one counts.
            let mut last = lines.flat_map(|line| line.split(',')).filter_map(|member| {
                let (key, value) = member.trim().split_once('=')?;
                (key == algorithm.key()).then_some(value)
            });
            let value = last.next_back()?.split(';').next()?.trim();
            let digest = STANDARD.decode(value.strip_prefix(':')?.strip_suffix(':')?).ok()?;
            (digest.len() == algorithm.bytes()).then_some((algorithm, digest))
        })
    }

    impl Check {
        /// What is to see every byte of the file.
        pub(in crate::response) fn hasher(&self) -> Option<Box<Hasher>> {
            Hasher::of(self.expected.iter().filter(|expected| !expected.coded))
        }

        /// Holds what was seen against what was expected.
        pub(in crate::response) fn settle(
            self,
            stream: &ByteStream,
            file: Option<Box<Hasher>>,
        ) -> Result<()> {
            let file = file.unwrap_or_default();
            let coded = stream.tap.clone().unwrap_or_default();
            for Expected { algorithm, digest, coded: is_coded } in self.expected {
                let found = if is_coded { &coded } else { &file }.digest(algorithm);
                if found != digest {
                    let (name, found, digest) = (algorithm.key(), hex(&found), hex(&digest));
                    let message = format!("the checksum by {name} is {found}, but should be {digest}");
                    return Err(Error::new(ErrorKind::Checksum, message).with_call(stream.call()));
                }
            }
            Ok(())
        }
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |mut hex, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// The checksums of all bytes that it sees.
    #[derive(Clone, Debug, Default)]
    pub(in crate::response) struct Hasher {
        sha256: Option<Sha256>,
        sha512: Option<Sha512>,
    }

    impl Hasher {
        fn of<'a>(expected: impl Iterator<Item = &'a Expected>) -> Option<Box<Self>> {
            let mut hasher = None;
            for Expected { algorithm, .. } in expected {
                let hasher = hasher.get_or_insert_with(Box::<Self>::default);
                match algorithm {
                    Algorithm::Sha256 => hasher.sha256 = Some(Sha256::new()),
                    Algorithm::Sha512 => hasher.sha512 = Some(Sha512::new()),
                }
            }
            hasher
        }

        pub(in crate::response) fn update(&mut self, bytes: &[u8]) {
            if let Some(hash) = &mut self.sha256 {
                hash.update(bytes);
            }
            if let Some(hash) = &mut self.sha512 {
                hash.update(bytes);
            }
        }

        /// That of nothing, where nothing was seen.
        fn digest(&self, algorithm: Algorithm) -> Vec<u8> {
            match algorithm {
                Algorithm::Sha256 => self.sha256.clone().unwrap_or_default().finalize().to_vec(),
                Algorithm::Sha512 => self.sha512.clone().unwrap_or_default().finalize().to_vec(),
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use http::{HeaderMap, HeaderValue};

        use super::{Algorithm, digest_of, hex};

        const OF_HI: &str = "sha-256=:mHrXC8D2QK6+1OYYT2Kx7hCzj+v5r9ZxmS0zZ1G2SJw=:";

        #[test]
        fn checksums_are_hexadecimal_digits_of_their_length() {
            let (short, long) = ("0f".repeat(32), "F0".repeat(64));
            assert_eq!(Algorithm::Sha256.parse(&short).unwrap(), [15; 32]);
            assert_eq!(Algorithm::Sha512.parse(&long).unwrap(), [240; 64]);
            for bad in
                ["", "0f", &long, &"+1".repeat(32), &"0g".repeat(32), &format!("{short} "), &"ä".repeat(32)]
            {
                assert!(Algorithm::Sha256.parse(bad).is_err(), "{bad:?}");
            }
            assert_eq!(hex(&[0, 255, 16]), "00ff10");
        }

        #[test]
        fn the_strongest_digest_that_is_known_is_taken() {
            let digest = |lines: &[&'static str]| {
                let mut headers = HeaderMap::new();
                for line in lines {
                    headers.append("repr-digest", HeaderValue::from_static(line));
                }
                digest_of(&headers, "repr-digest").map(|(algorithm, digest)| (algorithm.key(), digest.len()))
            };
            assert_eq!(digest(&[OF_HI]), Some(("sha-256", 32)));
            assert_eq!(digest(&["md5=:AAAA:", OF_HI]), Some(("sha-256", 32)));
            assert_eq!(digest(&["sha-256=:AAAA:", OF_HI]), Some(("sha-256", 32)), "the last one counts");
            let sha512 = concat!(
                "sha-256=:mHrXC8D2QK6+1OYYT2Kx7hCzj+v5r9ZxmS0zZ1G2SJw=:;q=1, sha-512=:",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==:"
            );
            assert_eq!(digest(&[sha512]), Some(("sha-512", 64)));
            for bad in ["", "sha-256", "sha-256=AAAA", "sha-256=:AAAA:", "sha-256=:!:", "SHA-256=::"] {
                assert_eq!(digest(&[bad]), None, "{bad:?}");
            }
        }
    }
}
