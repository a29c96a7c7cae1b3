//! A CNCF Distribution registry of our own, as a child process on the loopback address.
//!
//! Called when the app starts, and again when the user asks to restart it. Deliberately not here:
//! asking it (`client.rs`), garbage collection, restarting it unasked.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::process::{Former, RegistryProcess, settle_former};
use crate::{Registry, RegistryError, config, port, program};

/// How long it may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(15);
/// Somebody else may take the chosen port before the child does; then another one is tried.
const PORT_ATTEMPTS: usize = 4;
/// A log larger than this begins anew at the next start.
const LOG_LIMIT_BYTES: u64 = 1024 * 1024;

/// Where the local registry lives.
#[derive(Debug, Clone, Default)]
pub struct LocalRegistryOptions {
    /// Holds images, configuration, log and what is remembered from start to start.
    pub data_dir: PathBuf,
    /// The port to take at the first start, if it is free.
    pub preferred_port: Option<u16>,
    /// The registry program; `None` looks for it.
    pub program: Option<PathBuf>,
}

/// A running local registry; dropping it ends it.
#[derive(Debug)]
pub struct LocalRegistry {
    address: String,
    notes: Vec<String>,
    process: Arc<RegistryProcess>,
}

/// The files of a data folder.
#[derive(Debug, Clone)]
struct DataFolder {
    config: PathBuf,
    log: PathBuf,
    record: PathBuf,
    port: PathBuf,
}

impl LocalRegistry {
    /// Starts the registry and waits until it answers.
    ///
    /// It takes the port of its last start, else the preferred one, else any; a taken port is no
    /// error but is said in [`LocalRegistry::notes`].
    pub async fn start(options: LocalRegistryOptions) -> Result<Self, RegistryError> {
        let wanted = options.clone();
        let prepared = tokio::task::spawn_blocking(move || prepare(&wanted)).await;
        let (program, folder, mut notes) =
            prepared.map_err(|error| RegistryError::StartFailed {
                program: options.program.clone().unwrap_or_default(),
                reason: error.to_string(),
            })??;
        let remembered = fs::read_to_string(&folder.port).ok();
        let remembered = remembered.and_then(|text| text.trim().parse::<u16>().ok());
        let mut wishes: Vec<u16> = remembered.into_iter().chain(options.preferred_port).collect();
        let mut said = None;
        for _ in 0..PORT_ATTEMPTS {
            let choice = port::choose(&wishes).ok_or_else(|| RegistryError::StartFailed {
                program: program.clone(),
                reason: "this machine has no free port.".to_owned(),
            })?;
            said = said.or(choice.taken);
            let address = format!("127.0.0.1:{}", choice.port);
            let launch = Launch { program: &program, folder: &folder, address: &address };
            match launch.run(&options.data_dir, choice.port).await? {
                Some(process) => {
                    write(&folder.port, &format!("{}\n", choice.port))?;
                    if let Some(taken) = said {
                        notes.push(format!(
                            "Port {taken} is taken by another program, so the local registry \
                             listens at {address} instead."
                        ));
                    }
                    for note in &notes {
                        tracing::info!("{note}");
                    }
                    return Ok(Self { address, notes, process: Arc::new(process) });
                }
                // Lost the race for the port: this wish is spent.
                None => {
                    wishes.retain(|wish| *wish != choice.port);
                    said = said.or(Some(choice.port));
                }
            }
        }
        Err(RegistryError::StartFailed {
            program,
            reason: format!("{PORT_ATTEMPTS} ports in a row were taken before it could listen."),
        })
    }

    /// `127.0.0.1:PORT`, as images of this registry begin.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What the user should know about this start; each is a sentence.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// True while its process runs.
    pub fn is_alive(&self) -> bool {
        self.process.ended().is_none()
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// A client for it.
    pub fn client(&self) -> Result<Registry, RegistryError> {
        Registry::new(&self.address, true, None)
    }

    /// Ends it and waits until it has ended.
    pub async fn stop(&self) {
        let process = Arc::clone(&self.process);
        // A failed join means that the runtime is ending; `Drop` ends the child then.
        tokio::task::spawn_blocking(move || process.end()).await.ok();
    }
}

/// Everything before the first start: program, folders, orphans.
fn prepare(
    options: &LocalRegistryOptions,
) -> Result<(PathBuf, DataFolder, Vec<String>), RegistryError> {
    let program = program::find(options.program.as_deref())?;
    let data_dir = &options.data_dir;
    let storage = data_dir.join("storage");
    fs::create_dir_all(&storage).map_err(|error| unusable(&storage, &error))?;
    // The record is compared with a command line, so the path must always be the same.
    let data_dir = data_dir.canonicalize().map_err(|error| unusable(data_dir, &error))?;
    let folder = DataFolder {
        config: data_dir.join("config.yml"),
        log: data_dir.join("registry.log"),
        record: data_dir.join("registry.pid"),
        port: data_dir.join("registry.port"),
    };
    let mut notes = Vec::new();
    match settle_former(&folder.record, &folder.config) {
        Former::None => {}
        Former::Ended { pid } => notes.push(format!(
            "A local registry left over from an earlier Slipway (process {pid}) was ended."
        )),
        Former::InUse { owner } => return Err(RegistryError::InUse { data_dir, owner }),
    }
    if fs::metadata(&folder.log).is_ok_and(|meta| meta.len() > LOG_LIMIT_BYTES) {
        write(&folder.log, "")?;
    }
    Ok((program, folder, notes))
}

/// One attempt to start.
struct Launch<'a> {
    program: &'a Path,
    folder: &'a DataFolder,
    address: &'a str,
}

impl Launch<'_> {
    /// The process once it answers; `None` if its port was taken in the meantime.
    async fn run(
        &self,
        data_dir: &Path,
        port: u16,
    ) -> Result<Option<RegistryProcess>, RegistryError> {
        let data_dir = data_dir.canonicalize().map_err(|error| unusable(data_dir, &error))?;
        let DataFolder { config, log, record, .. } = self.folder;
        config::write(config, &config::text(&data_dir, port))
            .map_err(|error| unusable(config, &error))?;
        let log_before = fs::metadata(log).map_or(0, |meta| meta.len());
        let process = RegistryProcess::spawn(self.program, config, log, record)
            .map_err(|error| self.failed(error.to_string()))?;
        let client = Registry::new(self.address, true, None)?;
        let end = Instant::now() + START_LIMIT;
        loop {
            let answer = client.ping().await;
            if let Some(status) = process.ended() {
                let said = fs::read(log).unwrap_or_default();
                let said = said.get(usize::try_from(log_before).unwrap_or(0)..).unwrap_or_default();
                let said = String::from_utf8_lossy(said);
                if said.contains("address already in use") {
                    return Ok(None);
                }
                let line = said.lines().rev().find(|line| !line.trim().is_empty());
                let line = line.unwrap_or("it said nothing");
                return Err(self.failed(format!("it ended with {status}: {line}")));
            }
            if answer.is_ok() {
                return Ok(Some(process));
            }
            if Instant::now() > end {
                return Err(RegistryError::StartTimedOut {
                    address: self.address.to_owned(),
                    seconds: START_LIMIT.as_secs(),
                    log: log.clone(),
                });
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    fn failed(&self, reason: String) -> RegistryError {
        RegistryError::StartFailed { program: self.program.to_owned(), reason }
    }
}

fn write(path: &Path, text: &str) -> Result<(), RegistryError> {
    fs::write(path, text).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &io::Error) -> RegistryError {
    RegistryError::DataUnusable { path: path.to_owned(), reason: error.to_string() }
}
