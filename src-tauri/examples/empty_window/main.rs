//! An empty Tauri window: the floor that `cargo xtask bench` measures the real one against.

fn main() {
    let built = tauri::Builder::default()
        .build(tauri::generate_context!("examples/empty_window/tauri.conf.json"));
    match built {
        Ok(app) => app.run(|_, _| {}),
        Err(error) => panic!("BUG: the empty window cannot be opened: {error}"),
    }
}
