//! From the bytes on the wire to the JSON text: size limits, gzip, byte order mark.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::Limits;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const UTF8_BOM: &[u8] = &[0xef, 0xbb, 0xbf];

/// The text of a body without byte order mark and blanks in front, or status and reason of a refusal.
pub(super) fn inflate<'a>(
    body: &'a [u8],
    content_encoding: Option<&str>,
    limits: &Limits,
) -> Result<Cow<'a, [u8]>, (u16, String)> {
    if body.len() > limits.max_body_bytes {
        let limit = limits.max_body_bytes;
        return Err((
            413,
            format!("The body is {} bytes long; at most {limit} are allowed.", body.len()),
        ));
    }
    let encoding = content_encoding.unwrap_or_default().trim().to_ascii_lowercase();
    let text = match encoding.as_str() {
        "gzip" | "x-gzip" => Cow::Owned(gunzip(body, limits.max_inflated_bytes)?),
        // A proxy may have dropped the header; no JSON text begins with these two bytes.
        "" | "identity" if body.starts_with(&GZIP_MAGIC) => {
            Cow::Owned(gunzip(body, limits.max_inflated_bytes)?)
        }
        "" | "identity" => Cow::Borrowed(body),
        other => {
            let other: String = other.chars().take(32).collect();
            return Err((415, format!("The content encoding '{other}' is not known: use gzip.")));
        }
    };
    Ok(match text {
        Cow::Borrowed(bytes) => Cow::Borrowed(trim_front(bytes)),
        Cow::Owned(bytes) => {
            let skipped = bytes.len() - trim_front(&bytes).len();
            if skipped == 0 { Cow::Owned(bytes) } else { Cow::Owned(bytes[skipped..].to_vec()) }
        }
    })
}

fn gunzip(body: &[u8], limit: usize) -> Result<Vec<u8>, (u16, String)> {
    let mut text = Vec::with_capacity((body.len() * 4).min(limit));
    // One byte more than allowed is enough to know; a bomb is never inflated further.
    let mut reader = MultiGzDecoder::new(body).take(limit as u64 + 1);
    if reader.read_to_end(&mut text).is_err() {
        return Err((400, "The body says it is gzip, but it cannot be inflated.".to_owned()));
    }
    if text.len() > limit {
        return Err((413, format!("The body inflates to more than the {limit} bytes allowed.")));
    }
    Ok(text)
}

fn trim_front(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(UTF8_BOM).unwrap_or(bytes);
    bytes.trim_ascii_start()
}
