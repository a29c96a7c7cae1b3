//! The window: one command, one event, and the app behind them.
//!
//! Deliberately not here: any product logic, and any list of commands.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod backend;
mod window;

use tauri::{Manager as _, RunEvent};

use crate::backend::Backend;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    rustls::crypto::ring::default_provider().install_default().ok();
    prefer_plain_renderer();
    let data_dir = slipway_api::chosen_data_dir().ok_or_else(|| {
        anyhow::anyhow!("There is no home folder: name a data folder in SLIPWAY_DATA_DIR.")
    })?;
    let _log = slipway_api::start_log(&data_dir);
    let app = tauri::Builder::default()
        .manage(Backend::new(data_dir))
        .invoke_handler(tauri::generate_handler![backend::rpc])
        .setup(|app| {
            backend::open(app.handle().clone());
            window::open(app)?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|handle, event| {
        if matches!(event, RunEvent::Exit) {
            handle.state::<Backend>().close();
        }
    });
    Ok(())
}

/// WebKitGTK's DMA-BUF renderer leaves windows blank on some drivers (tauri#9304). A driver that takes
/// screenshots needs the other renderer, so an automated window keeps the default.
fn prefer_plain_renderer() {
    let is_automated = std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some();
    if cfg!(target_os = "linux")
        && !is_automated
        && std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none()
    {
        #[expect(
            unsafe_code,
            reason = "first lines of main: no other thread reads the environment yet"
        )]
        // SAFETY: the process has one thread here.
        unsafe {
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
    }
}
