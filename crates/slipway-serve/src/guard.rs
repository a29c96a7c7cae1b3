//! Who may call: the right token, the right `Host`, and no foreign `Origin`.
//!
//! A page on another site can send requests to loopback; it cannot know the token, and a browser
//! tells its origin. A name that someone points at 127.0.0.1 fails the `Host` check.

use axum::http::{HeaderMap, header};
use rand::RngCore as _;
use subtle::ConstantTimeEq as _;

/// A random word, new at every start, that a caller must show.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// 256 random bits.
    pub fn random() -> Self {
        let mut bytes = [0u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The word, for the address that is printed once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Compares in constant time.
    pub(crate) fn matches(&self, shown: &str) -> bool {
        self.0.as_bytes().ct_eq(shown.as_bytes()).into()
    }
}

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turned {
    WrongHost,
    WrongOrigin,
    NoToken,
}

/// Checks `Host` and `Origin` against the port we listen on.
pub(crate) fn check_site(headers: &HeaderMap, port: u16) -> Result<(), Turned> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    if !ours.iter().any(|name| name == host) {
        return Err(Turned::WrongHost);
    }
    match headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or_default()) {
        None => Ok(()),
        Some(origin) if ours.iter().any(|name| origin == format!("http://{name}")) => Ok(()),
        Some(_) => Err(Turned::WrongOrigin),
    }
}

/// Checks the token of a call.
pub(crate) fn check_token(shown: Option<&str>, token: &Token) -> Result<(), Turned> {
    match shown {
        Some(shown) if token.matches(shown) => Ok(()),
        _ => Err(Turned::NoToken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_names_pass() {
        assert_eq!(check_site(&headers(&[("host", "127.0.0.1:80")]), 80), Ok(()));
        assert_eq!(
            check_site(&headers(&[("host", "evil.example:80")]), 80),
            Err(Turned::WrongHost)
        );
        assert_eq!(
            check_site(
                &headers(&[("host", "localhost:80"), ("origin", "https://evil.example")]),
                80
            ),
            Err(Turned::WrongOrigin),
            "a page of another site"
        );
    }

    #[test]
    fn a_token_is_needed_and_compared_whole() {
        let token = Token::random();
        assert_eq!(token.reveal().len(), 64);
        assert_eq!(check_token(Some(token.reveal()), &token), Ok(()));
        assert_eq!(check_token(Some(&token.reveal()[..63]), &token), Err(Turned::NoToken));
        assert_eq!(check_token(None, &token), Err(Turned::NoToken));
    }
}
