//! A conversation with the program itself, as an editor has it. No engine is needed.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// The editor's side.
struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    asked: i64,
    /// Notifications that came while an answer was waited for.
    notices: Vec<Value>,
}

impl Editor {
    fn start() -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_slipway"))
            .args(["lsp", "--stdio"])
            .env("SLIPWAY_DATA_DIR", "/nowhere")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let input = server.stdin.take().expect("its input is ours");
        let output = BufReader::new(server.stdout.take().expect("its output is ours"));
        let mut editor = Self { server, input, output, asked: 0, notices: Vec::new() };
        let greeting = json!({
            "processId": null,
            "rootUri": null,
            "capabilities": { "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } }
        });
        let abilities = editor.ask("initialize", greeting);
        assert_eq!(
            abilities["capabilities"]["textDocumentSync"]["change"], 2,
            "changes are sent, not whole texts: {abilities}"
        );
        editor.tell("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("it listens");
        self.input.flush().expect("it listens");
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and waits for its answer.
    fn answer(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.next();
            if message["id"] == id {
                return message;
            }
            self.notices.push(message);
        }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{method} is answered: {answer}");
        answer["result"].clone()
    }

    fn next(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("it speaks");
            assert!(!line.is_empty(), "it has not ended");
            if let Some(count) = line.strip_prefix("Content-Length: ") {
                length = count.trim().parse().expect("a number");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).expect("a whole message");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// The diagnostics of a version of a text.
    fn diagnostics(&mut self, version: i64) -> Value {
        loop {
            let message =
                if self.notices.is_empty() { self.next() } else { self.notices.remove(0) };
            if message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["version"] == version
            {
                return message["params"]["diagnostics"].clone();
            }
        }
    }

    fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        let status = self.server.wait().expect("it ends");
        assert!(status.success(), "it ends well: {status}");
    }
}

/// A folder with a template, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("slipway-lsp-{}", std::process::id()));
        std::fs::create_dir_all(path.join("ci")).expect("a folder for the test");
        let template = "parameters:\n- name: image\nsteps:\n- script: x\n";
        std::fs::write(path.join("ci/build.yml"), template).expect("a template for the test");
        Self(path)
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}/{name}", self.0.display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn an_editor_is_served_from_hello_to_goodbye() {
    let folder = Folder::new();
    let uri = folder.uri("azure-pipelines.yml");
    let mut editor = Editor::start();
    let text = "trigger: none\nvariables:\n  name: x\nsteps:\n- template: ci/build.yml\n- script: echo $(name)\n  displayname: y\n";
    editor.tell(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": uri, "languageId": "azure-pipelines", "version": 1, "text": text } }),
    );
    let found = editor.diagnostics(1);
    let about_key = |found: &Value| {
        found.as_array().is_some_and(|all| {
            all.iter()
                .any(|it| it["message"].as_str().is_some_and(|text| text.contains("displayname")))
        })
    };
    assert!(about_key(&found), "the wrong key is found: {found}");

    let at = |line: u32, character: u32| json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } });
    let actions = editor.ask(
        "textDocument/codeAction",
        json!({
            "textDocument": { "uri": uri },
            "range": { "start": { "line": 6, "character": 3 }, "end": { "line": 6, "character": 3 } },
            "context": { "diagnostics": [] }
        }),
    );
    assert_eq!(actions[0]["title"], "Change to 'displayName'", "it can be put right: {actions}");

    // Two changes in a row: only the newest text is spoken of.
    for (version, from, to, text) in [(2, 2, 13, "displayN"), (3, 10, 10, "ame")] {
        editor.tell(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": uri, "version": version },
                "contentChanges": [{
                    "range": { "start": { "line": 6, "character": from }, "end": { "line": 6, "character": to } },
                    "text": text
                }]
            }),
        );
    }
    let found = editor.diagnostics(3);
    assert!(!about_key(&found), "the key is right now: {found}");

    let hover = editor.ask("textDocument/hover", at(6, 4));
    let words = hover["contents"]["value"].as_str().unwrap_or_default();
    assert!(words.contains("displayName"), "the key is explained: {hover}");
    let target = editor.ask("textDocument/definition", at(4, 14));
    assert_eq!(target["uri"], folder.uri("ci/build.yml"), "the template is found: {target}");
    let target = editor.ask("textDocument/definition", at(5, 18));
    assert_eq!(target["range"]["start"], json!({ "line": 2, "character": 2 }), "a variable");
    let items = editor.ask("textDocument/completion", at(4, 12));
    let labels: Vec<&str> =
        items.as_array().into_iter().flatten().filter_map(|it| it["label"].as_str()).collect();
    assert_eq!(labels, ["ci/build.yml"], "templates of the folder");
    let symbols =
        editor.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(symbols[2]["name"], "steps", "the outline: {symbols}");

    let refused = editor.answer("textDocument/hover", json!({ "wrong": true }));
    assert_eq!(refused["error"]["code"], -32602, "wrong parameters are refused: {refused}");
    let refused = editor.answer("slipway/nope", json!({}));
    assert_eq!(refused["error"]["code"], -32601, "an unknown request is refused: {refused}");
    editor.tell("textDocument/didChange", json!([1, 2]));
    let hover = editor.ask("textDocument/hover", at(6, 4));
    assert!(hover.is_object(), "and it goes on: {hover}");
    editor.end();
}
