//! Secret values from whoever calls: standard input, an environment variable or a prompt that shows nothing.
//! Never from an argument, which every process of the machine may read.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use slipway_api::app::{AppOptions, SecretString};
use slipway_api::error::ApiError;
use slipway_core::ErrorKind;

fn unreadable(error: &std::io::Error) -> ApiError {
    let message = format!("The value cannot be read: {error}.");
    ApiError::new(ErrorKind::UserInput, "value_unreadable", message)
}

/// Asks at a terminal; else takes all of standard input but for its last line end.
pub(crate) fn value(what: &str) -> Result<String, ApiError> {
    if std::io::stdin().is_terminal() {
        let asked = rpassword::prompt_password(format!("{what}: "));
        return asked.map_err(|error| unreadable(&error));
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| unreadable(&error))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        let message = format!("{what} is empty.");
        return Err(ApiError::new(ErrorKind::UserInput, "value_empty", message).with_hint(
            "Write it to standard input, as in: printf %s \"$TOKEN\" | slipway secret set NAME.",
        ));
    }
    Ok(text.to_owned())
}

/// The environment variable of this name, or else what is typed at a terminal.
pub(crate) fn from_environment(name: &str) -> Result<String, ApiError> {
    if let Ok(value) = std::env::var(name) {
        return Ok(value);
    }
    if std::io::stdin().is_terminal() {
        return value(&format!("Value of the secret variable {name}"));
    }
    let message = format!("There is no environment variable {name} to take the secret from.");
    Err(ApiError::new(ErrorKind::UserInput, "secret_missing", message)
        .with_hint(format!("Set it, as in: {name}=… slipway run FILE --secret {name}.")))
}

/// Asks for the passphrase of a locked data folder, if there is somebody to ask.
pub(crate) fn unlock(options: &mut AppOptions) {
    let is_locked = |folder: &Path| folder.join("secrets").join("identity.age").is_file();
    if options.passphrase.is_some() || !is_locked(&options.data_dir) {
        return;
    }
    if std::io::stdin().is_terminal() {
        // Without one, whatever needs a secret says that it is locked.
        options.passphrase = rpassword::prompt_password("Passphrase of the secrets: ")
            .ok()
            .filter(|text| !text.is_empty())
            .map(SecretString::from);
    }
}
