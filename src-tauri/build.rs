//! Makes Tauri's context; `ui/dist` must exist, so an empty one is made where the page is not built yet.

fn main() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist");
    if let Err(error) = std::fs::create_dir_all(&dist) {
        println!("cargo::error=ui/dist could not be made: {error}");
    }
    println!("cargo::rerun-if-changed=../ui/dist");
    println!("cargo::rerun-if-changed=../icons");
    tauri_build::build();
}
