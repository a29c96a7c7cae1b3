//! Checks names before they become part of a URL.
//!
//! Called by `client.rs`. Deliberately not here: whether a name exists.

use crate::RegistryError;

/// The host without its port, and an IPv6 address without its brackets.
pub(crate) fn host_of(address: &str) -> &str {
    match address.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => address.split(':').next().unwrap_or(address),
    }
}

/// Anything more than host and port would end up in a URL.
pub(crate) fn check_address(address: &str) -> Result<(), RegistryError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    if !address.is_empty() && address.bytes().all(is_plain) {
        Ok(())
    } else {
        Err(unusable(address, "a registry's address is host:port, without https://"))
    }
}

/// <https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests>
pub(crate) fn check_repository(repository: &str) -> Result<(), RegistryError> {
    let is_edge = |byte: Option<u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_part = |part: &str| {
        is_edge(part.bytes().next())
            && is_edge(part.bytes().last())
            && part.bytes().all(|byte| is_edge(Some(byte)) || b"._-".contains(&byte))
    };
    if repository.split('/').all(is_part) && repository.len() <= 255 {
        Ok(())
    } else {
        Err(unusable(
            repository,
            "a repository has lower-case letters, digits, '.', '_' and '-', in parts between '/'",
        ))
    }
}

pub(crate) fn check_tag(tag: &str) -> Result<(), RegistryError> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_tag = tag.bytes().next().is_some_and(is_word)
        && tag.bytes().all(|byte| is_word(byte) || b".-".contains(&byte))
        && tag.len() <= 128;
    if is_tag {
        Ok(())
    } else {
        Err(unusable(tag, "a tag has at most 128 letters, digits, '_', '.' and '-'"))
    }
}

fn unusable(text: &str, reason: &str) -> RegistryError {
    RegistryError::NameUnusable { text: text.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_change_the_url_are_refused() {
        for repository in ["../x", "a//b", "A", "a?n=1", "a/", "", "-a", "a b"] {
            assert!(check_repository(repository).is_err(), "{repository}");
        }
        check_repository("shop/api-v2.x__y").unwrap();
        for tag in ["", ".x", "a/b", "a?b", "a b"] {
            assert!(check_tag(tag).is_err(), "{tag}");
        }
        check_tag("20261122.1").unwrap();
        assert!(check_address("http://x").is_err() && check_address("127.0.0.1:5000").is_ok());
    }

    #[test]
    fn a_host_is_told_from_its_port() {
        assert_eq!(host_of("127.0.0.1:5000"), "127.0.0.1");
        assert_eq!((host_of("[::1]:5000"), host_of("localhost")), ("::1", "localhost"));
    }
}
