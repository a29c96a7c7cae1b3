//! The product without a face: one data folder opened, its store, engine, registry, runs and watch.
//!
//! Hosts (window, page, command line, tests) make one [`App`] and call it by command name. Composition
//! only: what a stage does lives in the stage's crate, what a command answers lives in `handlers`.

use std::collections::HashMap;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, Weak};

use async_trait::async_trait;
use futures_util::FutureExt as _;
use serde_json::Value;
use slipway_core::{
    AppEvent, Clock, ErrorKind, IdGen, Masker, RunId, SystemClock, Tag, TargetKind, Timestamp,
    UuidIds,
};
use slipway_deploy::KubeViews;
pub use slipway_secrets::SecretString;
use slipway_secrets::Secrets;
use slipway_store::{DataFolderLock, Store, StoreOptions};
use tokio::sync::{OnceCell, broadcast};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::asks::Shared;
use crate::azure::AzureState;
use crate::drift::Drift;
use crate::error::ApiError;
use crate::guard;
use crate::machine::Machine;
use crate::table;
use crate::targets::Targets;

/// Which face opened the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKind {
    Desktop,
    Serve,
    Terminal,
    Test,
}

impl HostKind {
    /// The word shown in `app_get`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Serve => "serve",
            Self::Terminal => "terminal",
            Self::Test => "test",
        }
    }
}

/// How to open the app.
#[derive(Debug, Clone)]
pub struct AppOptions {
    pub data_dir: PathBuf,
    pub host: HostKind,
    /// Engine address such as `unix:///run/docker.sock`; the usual places if `None`.
    pub engine: Option<String>,
    /// Where clusters are known from; `KUBECONFIG` or the usual place if `None`.
    pub kubeconfig: Option<PathBuf>,
    /// Port the registry should take if it is free.
    pub registry_port: Option<u16>,
    /// Start the local registry and the watch over deployments.
    pub is_active: bool,
    /// Bounds the database, for tests of a full disk.
    pub max_database_pages: Option<u32>,
    /// Where secrets are kept: `keychain`, `file`, or what fits if `None`.
    pub secrets_place: Option<String>,
    /// Opens the encrypted file of secrets, if one locks it.
    pub passphrase: Option<SecretString>,
}

impl AppOptions {
    /// The usual options for a data folder.
    pub fn new(data_dir: impl Into<PathBuf>, host: HostKind) -> Self {
        Self {
            data_dir: data_dir.into(),
            host,
            engine: None,
            kubeconfig: None,
            registry_port: None,
            is_active: true,
            max_database_pages: None,
            secrets_place: of_environment("SLIPWAY_SECRETS"),
            passphrase: of_environment("SLIPWAY_PASSPHRASE").map(SecretString::from),
        }
    }
}

fn of_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// The telemetry endpoint as the app needs it; `slipway-serve` is behind it.
#[async_trait]
pub trait TelemetryDoor: Send + Sync {
    /// The port, the same on every address.
    fn port(&self) -> u16;

    /// Listens on one more address of this machine.
    async fn open_on(&self, ip: IpAddr) -> Result<(), String>;
}

/// The product without a face.
pub struct App {
    pub(crate) options: AppOptions,
    pub(crate) store: Store,
    pub(crate) machine: Machine,
    pub(crate) targets: Targets,
    pub(crate) kube: KubeViews,
    pub(crate) shared: Shared,
    pub(crate) drift: Drift,
    pub(crate) azure: AzureState,
    /// Opened when the first one is asked for.
    pub(crate) secrets: OnceCell<Arc<Secrets>>,
    /// Knows every secret that this app has read or set.
    pub(crate) masker: Arc<Masker>,
    pub(crate) tasks: TaskTracker,
    pub(crate) shutdown: CancellationToken,
    going: Mutex<HashMap<RunId, CancellationToken>>,
    told_of_telemetry_at: AtomicI64,
    door: RwLock<Option<Arc<dyn TelemetryDoor>>>,
    preferred_ingest_port: OnceLock<u16>,
    events: broadcast::Sender<AppEvent>,
    clock: SystemClock,
    ids: UuidIds,
    this: Weak<App>,
    is_read_only: bool,
    lock: Mutex<Option<DataFolderLock>>,
}

impl App {
    /// Opens a data folder: takes its lock, upgrades its databases, marks what a crash interrupted,
    /// and starts the registry and the watch.
    pub async fn open(options: AppOptions) -> Result<Arc<Self>, ApiError> {
        std::fs::create_dir_all(&options.data_dir).map_err(|error| {
            ApiError::new(
                ErrorKind::Unavailable,
                "data_dir",
                format!("The data folder {} cannot be made: {error}.", options.data_dir.display()),
            )
            .with_hint("Choose another folder with --data-dir or SLIPWAY_DATA_DIR.")
        })?;
        let lock = DataFolderLock::acquire(&options.data_dir)?;
        let store = Store::open(
            &options.data_dir,
            StoreOptions { max_page_count: options.max_database_pages },
        )
        .await?;
        let app = Self::assemble(options, store, Some(lock));
        app.mark_interrupted().await?;
        app.mend_repositories().await?;
        if let Some(port) =
            app.store.setting("ingest.port").await?.and_then(|text| text.parse().ok())
        {
            app.preferred_ingest_port.set(port).ok();
        }
        if app.options.is_active {
            app.machine.start(&app.options).await;
            app.spawn_container_sweep();
            app.spawn_watch();
            app.spawn_recovery(TargetKind::Kubernetes);
            app.spawn_drift_watch();
        }
        Ok(app)
    }

    /// Opens a data folder for reading only, beside whoever holds its lock.
    pub async fn open_read_only(data_dir: &Path) -> Result<Arc<Self>, ApiError> {
        let store = Store::open_read_only(data_dir).await?;
        let mut options = AppOptions::new(data_dir, HostKind::Terminal);
        options.is_active = false;
        Ok(Self::assemble(options, store, None))
    }

    fn assemble(options: AppOptions, store: Store, lock: Option<DataFolderLock>) -> Arc<Self> {
        let (events, _) = broadcast::channel(1024);
        let masker = Arc::new(Masker::new());
        guard::announce(&masker);
        Arc::new_cyclic(|this| Self {
            machine: Machine::new(),
            targets: Targets::default(),
            kube: crate::kube::views(options.kubeconfig.clone(), this.clone()),
            shared: Shared::default(),
            drift: Drift::default(),
            azure: AzureState::default(),
            secrets: OnceCell::new(),
            masker,
            tasks: TaskTracker::new(),
            shutdown: CancellationToken::new(),
            going: Mutex::default(),
            told_of_telemetry_at: AtomicI64::new(0),
            door: RwLock::default(),
            preferred_ingest_port: OnceLock::new(),
            events,
            clock: SystemClock,
            ids: UuidIds,
            this: this.clone(),
            options,
            store,
            is_read_only: lock.is_none(),
            lock: Mutex::new(lock),
        })
    }

    /// Calls a command by its name. A panic inside becomes an error, so no face waits for ever.
    pub async fn call(&self, name: &str, payload: Value) -> Result<Value, ApiError> {
        let corr = self.ids.next_id();
        let started = std::time::Instant::now();
        // Boxed: it has room for the largest handler, and whoever calls would have that on the stack.
        let dispatched = Box::pin(table::dispatch(self, name, payload));
        let outcome = AssertUnwindSafe(dispatched).catch_unwind().await;
        let answer = outcome.unwrap_or_else(|panic| Err(panicked(name, panic.as_ref())));
        let took_ms = started.elapsed().as_millis();
        answer.map_err(|mut error| {
            error.message = guard::mask(&error.message);
            error.hint = error.hint.map(|hint| guard::mask(&hint));
            for other in error.others.iter_mut().flatten() {
                *other = guard::mask(other);
            }
            tracing::info!(cmd = name, corr, took_ms, code = error.code, "{}", error.message);
            error.corr = corr;
            error
        })
    }

    /// Events from now on.
    pub fn events(&self) -> broadcast::Receiver<AppEvent> {
        self.events.subscribe()
    }

    /// Tells every face which answers are stale.
    pub fn changed(&self, tags: &[Tag]) {
        self.emit(AppEvent::Changed { tags: tags.to_vec() });
    }

    /// The data folder.
    pub fn data_dir(&self) -> &Path {
        &self.options.data_dir
    }

    /// The port that the telemetry endpoint had the last time.
    pub fn preferred_ingest_port(&self) -> Option<u16> {
        self.preferred_ingest_port.get().copied()
    }

    /// Hands over the telemetry endpoint and remembers its port, so that containers which are
    /// already running find it again after a restart.
    pub async fn set_telemetry_door(&self, door: Arc<dyn TelemetryDoor>) {
        let port = door.port();
        *self.door.write().unwrap_or_else(PoisonError::into_inner) = Some(door);
        if let Err(error) = self.store.set_setting("ingest.port", &port.to_string()).await {
            tracing::warn!(%error, "the telemetry port could not be remembered");
        }
        self.restore_local_targets();
        self.changed(&[Tag::App]);
    }

    /// Stops runs, the watch and the registry, and waits for them. Deployed containers go on.
    pub async fn close(&self) {
        // Before anything is cancelled: a deployment that is cut off now is taken up by the next start.
        self.shutdown.cancel();
        for cancel in self.going().values() {
            cancel.cancel();
        }
        self.kube.close();
        self.shared.cancel_deployments();
        self.tasks.close();
        self.tasks.wait().await;
        self.targets.release().await;
        self.machine.stop().await;
        self.store.close().await;
        // The endpoint holds the app as the app holds it; and whoever opens the folder next needs its lock.
        *self.door.write().unwrap_or_else(PoisonError::into_inner) = None;
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Opened beside whoever holds the lock.
    pub(crate) fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    pub(crate) fn door(&self) -> Option<Arc<dyn TelemetryDoor>> {
        self.door.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn emit(&self, event: AppEvent) {
        let event = match event {
            AppEvent::Noticed { title, message } => {
                AppEvent::Noticed { title: guard::mask(&title), message: guard::mask(&message) }
            }
            other => other,
        };
        // No listener is a normal state.
        self.events.send(event).ok();
    }

    pub(crate) fn going(&self) -> MutexGuard<'_, HashMap<RunId, CancellationToken>> {
        self.going.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True at most once in half a second.
    pub(crate) fn may_tell_of_telemetry(&self, now: Timestamp) -> bool {
        let before = self.told_of_telemetry_at.load(Ordering::Relaxed);
        now - before >= 500
            && self
                .told_of_telemetry_at
                .compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    pub(crate) fn now_ms(&self) -> Timestamp {
        self.clock.now_ms()
    }

    pub(crate) fn next_id(&self) -> String {
        self.ids.next_id()
    }

    /// A handle that a task of the app's own may keep.
    pub(crate) fn handle(&self) -> Arc<App> {
        self.this.upgrade().expect("BUG: the app is alive while its methods run")
    }

    /// Removes containers and networks of runs that are over: only a death of the app leaves any.
    fn spawn_container_sweep(&self) {
        let app = self.handle();
        self.tasks.spawn(async move {
            let Ok(engine) = app.machine.engine().await else { return };
            let Ok(runs) = slipway_runner::runs_with_containers(&engine).await else { return };
            for run in runs {
                // Another data folder's runs are not this app's to end.
                let is_own = matches!(app.store.run(&run).await, Ok(Some(_)));
                if !is_own || app.going().contains_key(&run) {
                    continue;
                }
                match slipway_runner::end_containers_of_run(&engine, &run).await {
                    Ok(count) => tracing::warn!(run = run.as_str(), count, "removed containers"),
                    Err(error) => tracing::warn!(run = run.as_str(), %error, "containers stay"),
                }
            }
        });
    }

    async fn mark_interrupted(&self) -> Result<(), ApiError> {
        let interrupted = self.store.interrupt_unfinished(self.now_ms()).await?;
        for run in &interrupted {
            // What its steps had started goes on without the app: nobody waits for it any more.
            let strays = slipway_runner::end_strays_of_run(&run.id).await;
            tracing::warn!(
                run = run.id.as_str(),
                strays,
                "this run was going on when the app ended"
            );
        }
        Ok(())
    }
}

fn panicked(name: &str, panic: &(dyn std::any::Any + Send)) -> ApiError {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(cmd = name, "a command panicked: {text}");
    ApiError::new(ErrorKind::Bug, "panic", format!("The command {name} broke: {text}."))
        .with_hint("This is a defect of Slipway; the log in the data folder has the details.")
}
