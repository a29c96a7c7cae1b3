//! What a chunk of a log looks like on disk.
//!
//! Packed (1): LZ4 with the length in front, of: the count of runs; for each run its instant (8 bytes, little
//! endian), stream (1 byte) and count of lines; the count of lines; the length of each line; the text, a line
//! feed behind each line. Counts and lengths are LEB128. Plain (0), which older versions wrote: for each line
//! the instant (8 bytes), the stream (1), the length (4) and the text. Called by `log_line` and `log_search`.

use std::ops::Range;

use lz4_flex::block::{compress_into, get_maximum_output_size};
use slipway_core::{LogLines, LogRun, LogStream};

/// What `packing` says of bodies that are written now.
pub(crate) const PACKED: i64 = 1;

/// Bounds of a chunk, so that a page never reads far beyond what it shows.
const CHUNK_LINES: usize = 8_192;
const CHUNK_BYTES: usize = 256 * 1024;

/// Where the lines of one row of `log_chunk` lie in the bytes that were packed together.
pub(crate) struct Body {
    pub(crate) bytes: Range<usize>,
    pub(crate) line_count: u32,
}

/// Packs lines into as many chunks as they need, behind what is in `into`.
pub(crate) fn pack(lines: &LogLines, into: &mut Vec<u8>) -> Vec<Body> {
    let mut bodies = Vec::new();
    let mut plain = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let start = lines.range(at).start;
        let mut end = at + 1;
        while end < lines.len()
            && end - at < CHUNK_LINES
            && lines.range(end).end - start < CHUNK_BYTES
        {
            end += 1;
        }
        plain.clear();
        write_some(lines, at, end, &mut plain);
        let from = into.len();
        compress(&plain, into);
        let line_count = u32::try_from(end - at).unwrap_or(u32::MAX);
        bodies.push(Body { bytes: from..into.len(), line_count });
        at = end;
    }
    bodies
}

fn write_some(lines: &LogLines, from: usize, to: usize, plain: &mut Vec<u8>) {
    let (start, end) = (lines.range(from).start, lines.range(to - 1).end + 1);
    let runs = runs_between(lines.runs(), from, to);
    plain.reserve(end - start + (to - from) * 2 + runs.len() * 12 + 16);
    put(plain, runs.len());
    for run in &runs {
        plain.extend_from_slice(&run.at.to_le_bytes());
        plain.push(byte_of(run.stream));
        put(plain, run.count);
    }
    put(plain, to - from);
    for line in from..to {
        put(plain, lines.range(line).len());
    }
    plain.extend_from_slice(&lines.text().as_bytes()[start..end]);
}

/// LZ4 with the length in front, as `decompress_size_prepended` reads it.
fn compress(plain: &[u8], into: &mut Vec<u8>) {
    into.extend_from_slice(&u32::try_from(plain.len()).unwrap_or(u32::MAX).to_le_bytes());
    let from = into.len();
    into.resize(from + get_maximum_output_size(plain.len()), 0);
    // There is room for the most that it can come to.
    let length = compress_into(plain, &mut into[from..]).unwrap_or_default();
    into.truncate(from + length);
}

fn runs_between(runs: &[LogRun], from: usize, to: usize) -> Vec<LogRun> {
    let mut found = Vec::new();
    let mut first = 0;
    for run in runs {
        let (start, end) = (first.max(from), (first + run.count).min(to));
        if start < end {
            found.push(LogRun { count: end - start, ..*run });
        }
        first += run.count;
        if first >= to {
            break;
        }
    }
    found
}

/// The lines of a body; `None` if it is damaged.
pub(crate) fn unpack(packing: i64, body: &[u8]) -> Option<LogLines> {
    match packing {
        0 => unpack_plain(body),
        PACKED => unpack_packed(&lz4_flex::decompress_size_prepended(body).ok()?),
        _ => None,
    }
}

fn unpack_packed(mut body: &[u8]) -> Option<LogLines> {
    let mut runs = Vec::new();
    for _ in 0..take(&mut body)? {
        let (at, rest) = body.split_first_chunk::<8>()?;
        let (stream, rest) = rest.split_first()?;
        body = rest;
        let count = take(&mut body)?;
        runs.push(LogRun { at: i64::from_le_bytes(*at), stream: stream_of(*stream)?, count });
    }
    let count = take(&mut body)?;
    // Each length takes at least a byte: a damaged count cannot ask for more memory than the body has.
    let mut lengths = Vec::with_capacity(count.min(body.len()));
    for _ in 0..count {
        lengths.push(take(&mut body)?);
    }
    let mut lines = LogLines::default();
    lines.push_parts(std::str::from_utf8(body).ok()?, &lengths, &runs).then_some(lines)
}

fn unpack_plain(mut body: &[u8]) -> Option<LogLines> {
    let mut lines = LogLines::default();
    while !body.is_empty() {
        let (at, rest) = body.split_first_chunk::<8>()?;
        let (stream, rest) = rest.split_first()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        lines.push(i64::from_le_bytes(*at), stream_of(*stream)?, std::str::from_utf8(text).ok()?);
        body = rest;
    }
    Some(lines)
}

fn byte_of(stream: LogStream) -> u8 {
    match stream {
        LogStream::Stdout => 0,
        LogStream::Stderr => 1,
        LogStream::System => 2,
    }
}

fn stream_of(byte: u8) -> Option<LogStream> {
    match byte {
        0 => Some(LogStream::Stdout),
        1 => Some(LogStream::Stderr),
        2 => Some(LogStream::System),
        _ => None,
    }
}

fn put(into: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        into.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    into.push(number.to_le_bytes()[0]);
}

fn take(from: &mut &[u8]) -> Option<usize> {
    let mut number = 0_usize;
    for shift in (0..usize::BITS).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        number |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> LogLines {
        let mut lines = LogLines::default();
        for number in 0..20_000_i64 {
            let stream = if number % 7 == 0 { LogStream::Stderr } else { LogStream::Stdout };
            let at = number.checked_div(100).unwrap();
            lines.push(at, stream, &"ünï ".repeat(usize::try_from(number % 60).unwrap()));
        }
        lines
    }

    #[test]
    fn chunks_hold_every_line_once_and_in_order() {
        let lines = some();
        let mut read = LogLines::default();
        let mut bytes = vec![1, 2, 3];
        let bodies = pack(&lines, &mut bytes);
        assert!(bodies.len() > 2, "a long log has several chunks: {}", bodies.len());
        for body in &bodies {
            let chunk = unpack(PACKED, &bytes[body.bytes.clone()]).expect("it was just packed");
            assert_eq!(chunk.len(), body.line_count as usize, "the row says how many lines it has");
            read.append(&chunk);
        }
        assert_eq!(read, lines, "what is read is what was written");
    }

    fn bytes_of_first(bytes: &mut Vec<u8>) -> Vec<u8> {
        let first = pack(&some(), bytes).remove(0);
        bytes[first.bytes].to_vec()
    }

    #[test]
    fn a_damaged_body_is_an_error_and_not_a_panic() {
        let mut bytes = Vec::new();
        let body = bytes_of_first(&mut bytes);
        for at in (0..body.len()).step_by(97) {
            let mut damaged = body.clone();
            damaged[at] ^= 0x55;
            // It may still read as other lines; it must not bring the app down.
            unpack(PACKED, &damaged[..body.len() - at % 5]);
        }
        assert!(unpack(PACKED, &body[..body.len() / 2]).is_none(), "half a body is no body");
        assert!(unpack(2, &body).is_none(), "a packing of a newer version is not guessed");
    }
}
