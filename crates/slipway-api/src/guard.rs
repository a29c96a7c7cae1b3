//! The last mask before a text leaves the process: over errors, the app's own log and panics.
//!
//! Every masker of a run, and the app's own, is announced here; it is forgotten when it goes. Deliberately not
//! here: a run's output, which its own masker has gone over already.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use slipway_core::Masker;

static KNOWN: Mutex<Vec<Weak<Masker>>> = Mutex::new(Vec::new());

/// From now on, what this masker knows is hidden everywhere.
pub(crate) fn announce(masker: &Arc<Masker>) {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|masker| masker.strong_count() > 0);
    known.push(Arc::downgrade(masker));
}

/// The text without any secret that a living masker knows.
pub(crate) fn mask(text: &str) -> String {
    // Taken out first: masking may take a while, and a panic may come in between.
    let maskers: Vec<Arc<Masker>> = match KNOWN.try_lock() {
        Ok(known) => known.iter().filter_map(Weak::upgrade).collect(),
        Err(std::sync::TryLockError::Poisoned(known)) => {
            known.into_inner().iter().filter_map(Weak::upgrade).collect()
        }
        Err(std::sync::TryLockError::WouldBlock) => {
            let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
            known.iter().filter_map(Weak::upgrade).collect()
        }
    };
    maskers.iter().fold(text.to_owned(), |text, masker| masker.mask(&text))
}

/// Masks each line before it goes on. A formatter hands over whole lines.
#[derive(Clone)]
pub(crate) struct MaskedWriter<W>(pub(crate) W);

impl<W: Write> Write for MaskedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write_all(mask(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// Makes the words of a panic pass the mask too.
#[expect(clippy::print_stderr, reason = "a panic speaks on standard error")]
pub(crate) fn mask_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("unnamed");
        let text = mask(&panic.to_string());
        eprintln!("thread '{name}' {text}");
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            eprintln!("{}", mask(&std::backtrace::Backtrace::force_capture().to_string()));
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_living_maskers_count() {
        let masker = Arc::new(Masker::new());
        masker.add("guarded-secret");
        announce(&masker);
        let mut written = Vec::new();
        let whole = MaskedWriter(&mut written).write_all(b"a guarded-secret b\n");
        assert!(whole.is_ok(), "all of it counts as written");
        assert_eq!(written, b"a *** b\n", "a log line is masked");
        drop(masker);
        assert_eq!(mask("guarded-secret"), "guarded-secret", "a run that is over is forgotten");
    }
}
