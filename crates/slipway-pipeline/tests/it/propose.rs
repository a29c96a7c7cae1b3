//! Small listings and everything that is proposed for them, whole. What is proposed loads without a word.

#![expect(clippy::unwrap_used, reason = "what a test prepares must work, or the test is red")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use slipway_pipeline::catalog::Known;
use slipway_pipeline::propose::{Contents, Proposal, Wishes, empty, propose};
use slipway_pipeline::tree::{SourceId, SourceText, read};
use slipway_pipeline::{LoadRequest, NoFiles, load};

struct Listing(BTreeMap<&'static str, &'static str>);

impl Contents for Listing {
    fn paths(&self) -> Vec<String> {
        self.0.keys().map(|path| (*path).to_owned()).collect()
    }

    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).map(|text| (*text).to_owned())
    }
}

fn wishes() -> Wishes {
    Wishes { name: "Harbour".to_owned(), branch: "main".to_owned(), ..Wishes::default() }
}

fn of(files: &[(&'static str, &'static str)], wishes: &Wishes) -> Proposal {
    propose(&Listing(files.iter().copied().collect()), wishes)
}

/// A proposal as one text.
fn shown(proposal: &Proposal) -> String {
    let mut text = String::new();
    for found in &proposal.detected {
        writeln!(text, "found: {} ({})", found.what, found.file).unwrap();
    }
    writeln!(text, "{:#?}", proposal.choices).unwrap();
    for file in &proposal.files {
        writeln!(text, "==== {}{}", file.path, if file.is_new { "" } else { " (there already)" })
            .unwrap();
        for why in &file.why {
            writeln!(text, "## {why}").unwrap();
        }
        text.push_str(&file.text);
    }
    text
}

/// Compares with the picture, and checks what must be so of every proposal.
fn check(name: &str, files: &[(&'static str, &'static str)], wishes: &Wishes) {
    let proposal = of(files, wishes);
    for file in &proposal.files {
        assert!(!file.why.is_empty(), "{name}: {} says why it is there", file.path);
        assert!(file.text.ends_with('\n'), "{name}: {} ends its last line", file.path);
        assert!(!file.text.contains("@port@"), "{name}: {} is filled in", file.path);
        if file.path.ends_with(".yml") {
            let read = read(&SourceText::new(SourceId(0), &file.path, file.text.as_str()));
            assert!(
                read.diagnostics.is_empty(),
                "{name}: {} is YAML: {:?}",
                file.path,
                read.diagnostics
            );
        }
    }
    let text = &proposal.files[0].text;
    let loaded = load("azure-pipelines.yml", text, &LoadRequest::default(), &NoFiles, &Known);
    let said: Vec<String> = loaded.diagnostics.iter().map(|one| one.to_line()).collect();
    assert_eq!(said, [""; 0], "{name}: nothing is to be said of\n{text}");
    assert!(loaded.plan.is_some(), "{name}: there is a plan");
    let verdict = loaded.trigger.evaluate(&proposal.choices.branch, &["a".to_owned()], "x");
    assert!(verdict.starts, "{name}: a push to its own branch starts it: {}", verdict.reason);

    let found = shown(&proposal);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/propose_files")
        .join(format!("{name}.txt"));
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name}: run with SNAPSHOTS=overwrite and look at the difference");
}

const GO_MAIN: &str = "package main\n\nfunc main() {\n\thttp.HandleFunc(\"/healthz\", ok)\n\tserve(setting(\"PORT\", \"8080\"))\n}\n";

#[test]
fn go() {
    check(
        "go",
        &[
            ("go.mod", "module example.com/tide\n\ngo 1.23\n"),
            ("main.go", GO_MAIN),
            ("main_test.go", "package main\n"),
            ("board.go", "package main\n"),
        ],
        &wishes(),
    );
    check(
        "go-commands",
        &[
            (
                "go.mod",
                "module example.com/acme/shop\n\ngo 1.22.1\n\nrequire example.com/x v1.0.0\n",
            ),
            ("go.sum", ""),
            ("cmd/import/main.go", "package main\n\nfunc main() {}\n"),
            ("cmd/shop/main.go", GO_MAIN),
            ("store/store.go", "package store\n"),
            ("store/store_test.go", "package store\n"),
        ],
        &wishes(),
    );
    check(
        "go-library",
        &[("go.mod", "module example.com/tide\n\ngo 1.23\n"), ("tide.go", "package tide\n")],
        &wishes(),
    );
    // A Dockerfile that copies what the build makes, and manifests that name the image.
    check(
        "go-there-already",
        &[
            ("go.mod", "module slipway.dev/tideline\n\ngo 1.21\n"),
            ("main.go", GO_MAIN),
            ("board_test.go", "package main\n"),
            ("Dockerfile", "FROM scratch\nCOPY dist/tideline /tideline\nEXPOSE 9090\n"),
            (
                "k8s/app.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        image: ghcr.io/acme/tideline:1\n",
            ),
            ("k8s/service.yaml", "apiVersion: v1\nkind: Service\n"),
            ("k8s/values.yaml", "a: b\n"),
        ],
        &wishes(),
    );
}

#[test]
fn node() {
    check(
        "node-npm",
        &[
            (
                "package.json",
                r#"{"name":"quay","engines":{"node":">=20"},"scripts":{"build":"tsc","lint":"eslint .","start":"node dist/server.js","test":"jest"},"dependencies":{"express":"5"},"devDependencies":{"jest":"30","jest-junit":"16"}}"#,
            ),
            ("package-lock.json", "{}"),
            ("tsconfig.json", "{}"),
            (
                "src/server.ts",
                "const port = process.env.PORT || 4000;\napp.get('/health', ok);\napp.listen(port);\n",
            ),
        ],
        &wishes(),
    );
    check(
        "node-pages",
        &[
            (
                "package.json",
                r#"{"name":"@acme/board","scripts":{"dev":"vite","build":"vite build","test":"vitest"},"devDependencies":{"vite":"8","vitest":"4"}}"#,
            ),
            ("pnpm-lock.yaml", ""),
            (".nvmrc", "v22.11.0\n"),
            ("vite.config.ts", "export default { build: { outDir: 'public-out' } }\n"),
            ("index.html", "<html></html>"),
        ],
        &wishes(),
    );
    check(
        "node-yarn",
        &[
            (
                "package.json",
                r#"{"name":"bell","scripts":{"test":"mocha"},"devDependencies":{"mocha":"11"}}"#,
            ),
            ("yarn.lock", ""),
            ("index.js", "module.exports = 1;\n"),
        ],
        &wishes(),
    );
    check(
        "node-berry",
        &[
            (
                "package.json",
                r#"{"name":"root","packageManager":"yarn@4.5.0","workspaces":["packages/*"],"scripts":{"build":"yarn workspaces foreach -A run build"}}"#,
            ),
            ("yarn.lock", ""),
            (".yarnrc.yml", ""),
            (
                "packages/a/package.json",
                r#"{"name":"a","scripts":{"build":"tsc","start":"node a.js"}}"#,
            ),
        ],
        &wishes(),
    );
}

#[test]
fn python() {
    check(
        "python-fastapi",
        &[
            ("requirements.txt", "fastapi\nuvicorn\n"),
            ("requirements-dev.txt", "pytest\n"),
            (".python-version", "3.12.4\n"),
            (
                "app/main.py",
                "from fastapi import FastAPI\napi = FastAPI()\n\n@api.get(\"/healthz\")\ndef health(): ...\n",
            ),
            ("tests/test_main.py", "def test_a(): ...\n"),
        ],
        &wishes(),
    );
    check(
        "python-flask-poetry",
        &[
            (
                "pyproject.toml",
                "[tool.poetry]\nname = \"gull\"\n\n[tool.poetry.dependencies]\npython = \"^3.11\"\nflask = \"^3\"\n",
            ),
            ("poetry.lock", ""),
            ("gull/__init__.py", "from flask import Flask\napp = Flask(__name__)\n"),
        ],
        &wishes(),
    );
    check(
        "python-library",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"knots\"\nrequires-python = \">=3.10\"\n\n[project.optional-dependencies]\ntest = [\"pytest\"]\n",
            ),
            ("src/knots/__init__.py", ""),
            ("tests/test_knots.py", ""),
        ],
        &wishes(),
    );
    check(
        "python-django",
        &[
            ("requirements.txt", "django\n"),
            ("manage.py", "import os\n"),
            ("site_of_harbour/wsgi.py", "application = 1\n"),
        ],
        &wishes(),
    );
}

#[test]
fn java() {
    check(
        "java-maven",
        &[
            (
                "pom.xml",
                "<project><parent><artifactId>spring-boot-starter-parent</artifactId></parent><artifactId>lighthouse</artifactId><properties><java.version>17</java.version></properties><dependencies><dependency><artifactId>spring-boot-starter-actuator</artifactId></dependency></dependencies></project>",
            ),
            ("src/main/java/A.java", "class A {}"),
            ("src/main/resources/application.properties", "server.port=8081\n"),
            ("src/test/java/ATest.java", "class ATest {}"),
        ],
        &wishes(),
    );
    check(
        "java-gradle",
        &[
            (
                "build.gradle.kts",
                "plugins { id(\"org.springframework.boot\") version \"3.5.0\" }\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\n",
            ),
            ("settings.gradle.kts", ""),
            ("gradlew", ""),
            ("src/test/java/ATest.java", ""),
        ],
        &Wishes { tests: Some(false), ..wishes() },
    );
}

#[test]
fn dotnet() {
    check(
        "dotnet",
        &[
            ("Harbour.sln", ""),
            ("global.json", r#"{"sdk":{"version":"8.0.100"}}"#),
            (
                "src/Web/Web.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>",
            ),
            (
                "src/Core/Core.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>",
            ),
            (
                "tests/Web.Tests/Web.Tests.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk\"><PackageReference Include=\"Microsoft.NET.Test.Sdk\" /></Project>",
            ),
        ],
        &wishes(),
    );
    check(
        "dotnet-projects",
        &[
            (
                "app/App.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net9.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup></Project>",
            ),
            (
                "test/App.Tests.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk\"><PackageReference Include=\"Microsoft.NET.Test.Sdk\" /></Project>",
            ),
        ],
        &Wishes { image: Some(false), ..wishes() },
    );
}

#[test]
fn rust() {
    check(
        "rust",
        &[
            ("Cargo.toml", "[package]\nname = \"buoy\"\nedition = \"2024\"\n"),
            ("Cargo.lock", ""),
            ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.85\"\n"),
            ("src/main.rs", "fn main() {\n    serve(\"0.0.0.0:7000\");\n}\n"),
            ("tests/all.rs", ""),
        ],
        &wishes(),
    );
    check(
        "rust-workspace",
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
            ("crates/api/Cargo.toml", "[package]\nname = \"api\"\n"),
            ("crates/api/src/main.rs", "fn main() {}\n"),
            ("crates/core/Cargo.toml", "[package]\nname = \"core\"\n"),
            ("crates/core/src/lib.rs", "#[cfg(test)]\nmod tests {}\n"),
        ],
        &wishes(),
    );
}

#[test]
fn several_parts_are_jobs_of_their_own() {
    check(
        "several",
        &[
            ("api/go.mod", "module example.com/api\n\ngo 1.24\n"),
            ("api/main.go", GO_MAIN),
            ("api/main_test.go", "package main\n"),
            (
                "web/package.json",
                r#"{"name":"web","scripts":{"build":"vite build"},"devDependencies":{"vite":"8"}}"#,
            ),
            ("web/package-lock.json", "{}"),
            ("web/index.html", ""),
            ("package.json", r#"{"name":"tools","devDependencies":{"prettier":"3"}}"#),
            ("node_modules/x/package.json", r#"{"scripts":{"build":"x"}}"#),
            ("docs/index.html", ""),
            ("samples/show/go.mod", "module example.com/show\n"),
            ("tests/e2e/Dockerfile", "FROM scratch\n"),
            ("proxy/Dockerfile", "FROM scratch\nEXPOSE 8443\n"),
        ],
        &Wishes { branch: "trunk".to_owned(), environment: Some("quay".to_owned()), ..wishes() },
    );
}

#[test]
fn what_is_there_is_used() {
    check(
        "docker-elsewhere",
        &[
            ("go.mod", "module example.com/tide\n\ngo 1.23\n"),
            ("main.go", GO_MAIN),
            ("build/package/Dockerfile", "FROM golang:1.23 AS b\nCOPY . .\nFROM scratch\n"),
            ("chart/Chart.yaml", "name: tide\n"),
            ("chart/templates/deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\n"),
        ],
        &wishes(),
    );
    check(
        "kustomize",
        &[
            ("Dockerfile", "FROM scratch\nEXPOSE 80\n"),
            ("deploy/base/kustomization.yaml", "resources: [a.yaml]\n"),
            (
                "deploy/base/a.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - image: registry.example.com:5000/team/ferry\n",
            ),
            ("deploy/overlays/prod/kustomization.yaml", "resources: [../../base]\n"),
        ],
        &Wishes { registry: Some("quay registry".to_owned()), ..wishes() },
    );
    check(
        "manifests-at-the-root",
        &[
            ("Dockerfile", "FROM scratch\n"),
            ("deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\nimage: a\n"),
        ],
        &wishes(),
    );
}

#[test]
fn pages_and_nothing() {
    check("pages", &[("index.html", "<html></html>"), ("style.css", "")], &wishes());
    check("nothing", &[("README.md", "# Hello\n")], &wishes());
    check("nothing-at-all", &[], &Wishes::default());
}

#[test]
fn wishes_are_followed() {
    let tool = [("go.mod", "module a\n"), ("main.go", "package main\n\nfunc main() {}\n")];
    let plain = of(&tool, &wishes());
    assert!(
        plain.choices.can_image && !plain.choices.image,
        "a tool that listens nowhere needs none"
    );
    let why = plain.files[0].why.join(" ");
    assert!(why.contains("No port was found"), "and it is said why: {why}");
    let asked = of(&tool, &Wishes { image: Some(true), ..wishes() });
    assert_eq!(asked.files[1].path, "Dockerfile", "but may have one");
    let wish = Wishes {
        tests: Some(false),
        port: Some(5000),
        image_name: Some("acme/tide".to_owned()),
        deploy: Some(false),
        branch: "release/1's".to_owned(),
        ..wishes()
    };
    check(
        "wishes",
        &[
            ("go.mod", "module example.com/tide\n\ngo 1.23\n"),
            ("main.go", GO_MAIN),
            ("a_test.go", "package main\n"),
        ],
        &wish,
    );
    let files = [("go.mod", "module a\n"), ("main.go", GO_MAIN), (".dockerignore", "*.go\n")];
    let ignoring = of(&files, &wishes());
    let why = ignoring.files[1].why.join(" ");
    assert!(why.contains(".dockerignore that is there"), "what is kept is pointed at: {why}");
    assert!(!ignoring.files[2].is_new, "it stays as it is");
    let all = of(&[("go.mod", "module a\n"), ("azure-pipelines.yml", "steps: []\n")], &wishes());
    assert!(!all.files[0].is_new, "a file that is there is said to be");
}

#[test]
fn the_least_pipeline_has_a_trigger_and_lacks_nothing_but_work() {
    let text = empty("main");
    let loaded = load("azure-pipelines.yml", &text, &LoadRequest::default(), &NoFiles, &Known);
    let codes: Vec<&str> = loaded.diagnostics.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["missing_body"], "only what is still to be drawn");
    let verdict = loaded.trigger.evaluate("main", &["a".to_owned()], "x");
    assert!(verdict.starts, "its trigger is the branch: {}", verdict.reason);
}
