//! A line to the real engine that a test can cut: the engine stays real, only the way to it ends.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::{Sandbox, engine_socket};

/// A socket that leads to the engine until it is cut.
pub struct EngineLine {
    path: PathBuf,
    is_cut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<UnixStream>>>,
}

impl EngineLine {
    /// Lays a line to the engine.
    pub fn lay(sandbox: &Sandbox) -> Self {
        let path = sandbox.path("line.sock");
        let line = Self { path, is_cut: Arc::default(), open: Arc::default() };
        line.listen();
        line
    }

    /// The address to give to Slipway.
    pub fn address(&self) -> String {
        format!("unix://{}", self.path.display())
    }

    /// Cuts every connection and takes the socket away, as when the engine dies.
    pub fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        std::fs::remove_file(&self.path).unwrap();
        for stream in self.open().drain(..) {
            // A connection that has ended already cannot be shut down.
            stream.shutdown(Shutdown::Both).ok();
        }
    }

    /// The engine is there again.
    pub fn mend(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
        self.listen();
    }

    fn open(&self) -> std::sync::MutexGuard<'_, Vec<UnixStream>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listen(&self) {
        let listener = UnixListener::bind(&self.path).unwrap();
        let (is_cut, open) = (Arc::clone(&self.is_cut), Arc::clone(&self.open));
        // The thread ends with the test's process; a listener whose path is gone gets no caller.
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                if is_cut.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(engine) = UnixStream::connect(engine_socket()) else { continue };
                let mut all = open.lock().unwrap_or_else(PoisonError::into_inner);
                all.extend([caller.try_clone().unwrap(), engine.try_clone().unwrap()]);
                drop(all);
                carry(caller.try_clone().unwrap(), engine.try_clone().unwrap());
                carry(engine, caller);
            }
        });
    }
}

/// Carries bytes one way until they end, and hands the end on.
fn carry(mut from: UnixStream, mut to: UnixStream) {
    std::thread::spawn(move || {
        let mut buffer = vec![0u8; 64 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            if to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        // The other side may be gone already.
        to.shutdown(Shutdown::Write).ok();
    });
}
