//! What the app needs from this machine: a container engine and a local registry.
//!
//! Both may be missing, come late or go away; a command that needs one asks here and gets a clear
//! refusal instead of a hang.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use slipway_engine::Engine;
use slipway_registry::{LocalRegistry, LocalRegistryOptions, Registry};
use tokio::sync::Mutex as AsyncMutex;

use crate::app::AppOptions;
use crate::dto::{CapabilityState, CapabilityView};
use crate::error::ApiError;

/// The engine and the registry of this machine.
pub(crate) struct Machine {
    engine_host: Mutex<Option<String>>,
    engine: AsyncMutex<Option<Engine>>,
    registry: AsyncMutex<Option<LocalRegistry>>,
    registry_problem: Mutex<Option<ApiError>>,
    registry_options: Mutex<Option<LocalRegistryOptions>>,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self {
            engine_host: Mutex::default(),
            engine: AsyncMutex::default(),
            registry: AsyncMutex::default(),
            registry_problem: Mutex::default(),
            registry_options: Mutex::default(),
        }
    }

    /// Starts the registry; a failure is kept for `app_get` and for whoever needs the registry.
    pub(crate) async fn start(&self, options: &AppOptions) {
        *lock(&self.engine_host) = options.engine.clone();
        *lock(&self.registry_options) = Some(LocalRegistryOptions {
            data_dir: options.data_dir.join("registry"),
            preferred_port: options.registry_port,
            program: None,
        });
        if let Err(error) = self.registry_address().await {
            tracing::warn!(code = error.code, "{}", error.message);
        }
    }

    pub(crate) async fn stop(&self) {
        if let Some(registry) = self.registry.lock().await.take() {
            registry.stop().await;
        }
    }

    /// The engine, connected anew if it went away.
    pub(crate) async fn engine(&self) -> Result<Engine, ApiError> {
        let mut kept = self.engine.lock().await;
        if let Some(engine) = kept.as_ref() {
            let alive = tokio::time::timeout(Duration::from_secs(3), engine.ping()).await;
            if matches!(alive, Ok(Ok(_))) {
                return Ok(engine.clone());
            }
            *kept = None;
        }
        let host = lock(&self.engine_host).clone();
        let engine = Engine::connect(host.as_deref()).await?;
        *kept = Some(engine.clone());
        Ok(engine)
    }

    /// `host:port` of the local registry, started anew if its process ended.
    pub(crate) async fn registry_address(&self) -> Result<String, ApiError> {
        let mut kept = self.registry.lock().await;
        if let Some(registry) = kept.as_mut() {
            if registry.is_alive() {
                return Ok(registry.address().to_owned());
            }
            tracing::warn!("the local registry ended; it is started again");
            *kept = None;
        }
        let Some(options) = lock(&self.registry_options).clone() else {
            return Err(ApiError::refused(
                "registry_off",
                "The local registry is not started here.",
            ));
        };
        match LocalRegistry::start(options).await {
            Ok(registry) => {
                let address = registry.address().to_owned();
                for note in registry.notes() {
                    tracing::info!("{note}");
                }
                *kept = Some(registry);
                *lock(&self.registry_problem) = None;
                Ok(address)
            }
            Err(error) => {
                let error = ApiError::from(error);
                *lock(&self.registry_problem) = Some(error.clone());
                Err(error)
            }
        }
    }

    /// A client of the local registry.
    pub(crate) async fn registry(&self) -> Result<Registry, ApiError> {
        let address = self.registry_address().await?;
        Ok(Registry::new(&address, true, None)?)
    }

    /// The registry's address if it answers now, without starting it.
    pub(crate) async fn known_registry_address(&self) -> Option<String> {
        self.registry.lock().await.as_ref().map(|registry| registry.address().to_owned())
    }

    /// Engine and registry for `app_get`.
    pub(crate) async fn capabilities(&self) -> Vec<CapabilityView> {
        let engine = match self.engine().await {
            Ok(engine) => match engine.facts().await {
                Ok(facts) => {
                    ready("engine", "Container engine", format!("{} {}", facts.name, facts.version))
                }
                Err(error) => missing("engine", "Container engine", &error.into()),
            },
            Err(error) => missing("engine", "Container engine", &error),
        };
        let registry = match self.registry_address().await {
            Ok(address) => ready("registry", "Local registry", address),
            Err(error) => missing("registry", "Local registry", &error),
        };
        vec![engine, registry]
    }
}

pub(crate) fn ready(key: &str, title: &str, detail: String) -> CapabilityView {
    CapabilityView {
        key: key.to_owned(),
        title: title.to_owned(),
        state: CapabilityState::Ready,
        detail,
        hint: None,
    }
}

pub(crate) fn missing(key: &str, title: &str, error: &ApiError) -> CapabilityView {
    CapabilityView {
        key: key.to_owned(),
        title: title.to_owned(),
        state: CapabilityState::Missing,
        detail: error.message.clone(),
        hint: error.hint.clone(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
