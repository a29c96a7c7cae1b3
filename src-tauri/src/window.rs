//! The one window: stays on the app's own page, and hands links to other places to the browser.

use tauri::webview::NewWindowResponse;
use tauri::{App, Url, WebviewWindowBuilder};

/// Opens the window that the configuration describes.
pub(crate) fn open(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    let config = app.config().app.windows.first().ok_or("BUG: the configuration has no window")?;
    WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(is_ours)
        .on_new_window(|url, _| {
            if is_web_address(&url)
                && let Err(error) = open::that_detached(url.as_str())
            {
                tracing::warn!(%error, "the link could not be opened in a browser");
            }
            NewWindowResponse::Deny
        })
        .build()?;
    Ok(())
}

/// The page that is part of this program, as each platform addresses it.
fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        other => other == "about",
    }
}

fn is_web_address(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_stays_on_its_own_page() {
        for (address, stays) in [
            ("tauri://localhost/index.html", true),
            ("http://tauri.localhost/", true),
            ("http://127.0.0.1:8080/", false),
            ("https://tauri.localhost.example/", false),
            ("file:///etc/passwd", false),
        ] {
            let url: Url = address.parse().unwrap();
            assert_eq!(is_ours(&url), stays, "{address}");
        }
        assert!(!is_web_address(&"file:///etc/passwd".parse().unwrap()), "no file is handed out");
    }
}
