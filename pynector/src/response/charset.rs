//! Charsets of text: the byte order mark first, then what the `content-type` says, by the names of the WHATWG.

/// `body` as text.
///
/// # Errors
///
/// Says which charset is not known, needs a feature, or is not what the bytes are in.
pub(super) fn decode(charset: Option<&str>, body: &[u8]) -> Result<String, String> {
    if let Some(rest) = body.strip_prefix(b"\xef\xbb\xbf") {
        return utf_8(rest);
    }
    let name = charset.unwrap_or("utf-8").to_ascii_lowercase();
    match name.as_str() {
        // What is no ASCII is hardly ever what the web takes US-ASCII for, but UTF-8.
        "utf-8" | "utf8" | "us-ascii" | "ascii" if !is_utf_16(body) => utf_8(body),
        "iso-8859-1" | "iso8859-1" | "latin1" | "l1" | "windows-1252" | "cp1252" if !is_utf_16(body) => {
            Ok(body.iter().map(|byte| windows_1252(*byte)).collect())
        }
        _ => other(&name, body),
    }
}

/// Whether there is a byte order mark that overrules what is said of the charset.
fn is_utf_16(body: &[u8]) -> bool {
    cfg!(feature = "charset") && (body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff"))
}

fn utf_8(body: &[u8]) -> Result<String, String> {
    std::str::from_utf8(body).map(str::to_owned).map_err(|error| {
        format!("the body is not UTF-8 from byte {} on; return `Bytes` for raw bytes", error.valid_up_to())
    })
}

/// What the web reads ISO-8859-1 as, which has controls where this has letters.
fn windows_1252(byte: u8) -> char {
    const FROM_128: [char; 32] = [
        '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}',
        '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}',
        '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}',
        '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
    ];
    let special = usize::from(byte).checked_sub(128).and_then(|nth| FROM_128.get(nth));
    special.copied().unwrap_or(char::from(byte))
}

#[cfg(feature = "charset")]
fn other(name: &str, body: &[u8]) -> Result<String, String> {
    let marked = encoding_rs::Encoding::for_bom(body);
    let named = || encoding_rs::Encoding::for_label(name.as_bytes()).map(|encoding| (encoding, 0));
    let (encoding, mark) = marked
        .or_else(named)
        .ok_or_else(|| format!("the charset {name:?} is unknown; return `Bytes` and decode it"))?;
    let decoded =
        encoding.decode_without_bom_handling_and_without_replacement(body.get(mark..).unwrap_or_default());
    decoded.map(std::borrow::Cow::into_owned).ok_or_else(|| {
        format!("the body is not in the charset {}; return `Bytes` for raw bytes", encoding.name())
    })
}

#[cfg(not(feature = "charset"))]
fn other(name: &str, _: &[u8]) -> Result<String, String> {
    Err(format!("the charset {name:?} needs the feature `charset`; or return `Bytes` and decode it"))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_charsets_of_every_build() {
        for (charset, body, text) in [
            (None, "h\u{e9}".as_bytes(), "h\u{e9}"),
            (Some("UTF-8"), b"\xef\xbb\xbfh\xc3\xa9", "h\u{e9}"),
            (Some("us-ascii"), b"h\xc3\xa9", "h\u{e9}"),
            (Some("ISO-8859-1"), b"h\xe9 5\x80", "h\u{e9} 5\u{20ac}"),
            (Some("windows-1252"), b"\x93x\x94", "\u{201c}x\u{201d}"),
            (Some("windows-1252"), b"\xef\xbb\xbfh\xc3\xa9", "h\u{e9}"),
            (Some("latin1"), b"", ""),
        ] {
            assert_eq!(decode(charset, body).unwrap(), text, "{charset:?}");
        }
        assert!(decode(Some("us-ascii"), b"ab\xff").unwrap_err().contains("byte 2"));
    }

    #[cfg(not(feature = "charset"))]
    #[test]
    fn what_this_build_cannot_read_names_the_feature() {
        let why = decode(Some("Shift_JIS"), b"x").unwrap_err();
        assert!(why.contains("\"shift_jis\"") && why.contains("the feature `charset`"), "{why}");
        assert!(decode(None, b"\xff\xfeh\0").is_err(), "never guessed");
    }

    #[cfg(feature = "charset")]
    #[test]
    fn the_charsets_of_the_web() {
        let all: Vec<u8> = (0..=255).collect();
        let (theirs, _, _) = encoding_rs::WINDOWS_1252.decode(&all);
        assert_eq!(decode(Some("latin1"), &all).unwrap(), theirs);
        for (charset, body, text) in [
            (Some("shift_jis"), &b"\x93\xfa\x96\x7b"[..], "\u{65e5}\u{672c}"),
            (Some("gb18030"), b"\xc4\xe3", "\u{4f60}"),
            (Some("koi8-r"), b"\xc1", "\u{430}"),
            (Some("utf-16"), b"h\0i\0", "hi"),
            (Some("iso-8859-1"), b"\xff\xfeh\0", "h"),
            (None, b"\xfe\xff\0h", "h"),
        ] {
            assert_eq!(decode(charset, body).unwrap(), text, "{charset:?}");
        }
        assert!(decode(Some("klingon"), b"x").unwrap_err().contains("\"klingon\" is unknown"));
        assert!(decode(Some("shift_jis"), b"\x93").unwrap_err().contains("not in the charset Shift_JIS"));
        assert!(decode(Some("iso-2022-kr"), b"x").is_err(), "given up by the web");
    }
}
