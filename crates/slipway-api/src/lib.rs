pub mod app; pub mod bindings; pub mod dto; pub mod error; pub mod handlers; pub mod table;
#[test] fn bindgen(){ std::fs::create_dir_all("../../ui/src/ipc/generated").unwrap(); std::fs::write("../../ui/src/ipc/generated/contract.ts", bindings::contract()).unwrap(); }
