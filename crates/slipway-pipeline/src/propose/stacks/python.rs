//! Python with requirements, pyproject, Poetry or uv.

use super::super::component::Component;
use super::super::docker::Recipe;
use super::super::folder::{Folder, first_group, last};
use super::super::yaml::Step;
use super::{toml_text, version_numbers};

/// Files that name packages.
const LISTS: &[&str] = &[
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-test.txt",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "tox.ini",
    "Pipfile",
];

/// How packages are installed.
struct Tool {
    name: &'static str,
    install: Vec<String>,
    /// Before a program of the project's packages.
    run: &'static str,
    /// The same in an image, without what only tests need.
    image: String,
}

fn tool(folder: &Folder<'_>, project: &str) -> Tool {
    let pip = "python -m pip install";
    if folder.has("uv.lock") {
        let install = vec![format!("{pip} uv"), "uv sync --frozen".to_owned()];
        let image = "RUN pip install --no-cache-dir uv && uv sync --frozen --no-dev\nENV PATH=/app/.venv/bin:$PATH\n".to_owned();
        return Tool { name: "uv", install, run: "uv run ", image };
    }
    if folder.has("poetry.lock") || project.contains("[tool.poetry]") {
        let install = vec![format!("{pip} poetry"), "poetry install --no-interaction".to_owned()];
        let image = "RUN pip install --no-cache-dir poetry && poetry config virtualenvs.create false && poetry install --no-interaction --only main\n".to_owned();
        return Tool { name: "Poetry", install, run: "poetry run ", image };
    }
    let mut install = Vec::new();
    let lists = ["requirements.txt", "requirements-dev.txt", "requirements-test.txt"];
    for list in lists.iter().filter(|list| folder.has(list)) {
        install.push(format!("{pip} -r {list}"));
    }
    if install.is_empty() {
        let extra = ["test", "tests", "dev"]
            .into_iter()
            .find(|extra| toml_text(project, "project.optional-dependencies", extra).is_some());
        install
            .push(extra.map_or_else(|| format!("{pip} ."), |extra| format!("{pip} '.[{extra}]'")));
    }
    let image = if folder.has("requirements.txt") {
        "RUN pip install --no-cache-dir -r requirements.txt\n"
    } else {
        "RUN pip install --no-cache-dir .\n"
    };
    Tool { name: "pip", install, run: "python -m ", image: image.to_owned() }
}

pub(super) fn read(folder: &Folder<'_>) -> Option<Component> {
    let project = folder.read("pyproject.toml").unwrap_or_default();
    let lists: String = LISTS
        .iter()
        .filter_map(|list| folder.read(list))
        .collect::<Vec<_>>()
        .join("\n")
        .to_lowercase();
    let has_sources = folder.below().iter().any(|path| path.ends_with(".py"));
    if !has_sources {
        return None;
    }
    let mut component = Component { language: "Python", usual_port: 8000, ..Component::default() };
    component.name = toml_text(&project, "project", "name").unwrap_or_default();
    let tool = tool(folder, &project);
    let file = folder.first(&[
        "uv.lock",
        "poetry.lock",
        "requirements.txt",
        "pyproject.toml",
        "setup.py",
    ])?;
    component.note(format!("Python with {}", tool.name), folder.of(&file));
    let version = version(folder, &project, &mut component);
    let install: Vec<&str> = tool.install.iter().map(String::as_str).collect();
    let tests = folder.below().into_iter().find(|path| {
        let name = last(path);
        path.ends_with(".py") && (name.starts_with("test_") || name.ends_with("_test.py"))
    });
    let lacks_pytest = !lists.contains("pytest");
    let pytest = format!("{}pytest --junitxml=results/TEST-pytest.xml", tool.run);
    if let Some(test) = &tests {
        component.note(
            if lacks_pytest { "Has Python tests" } else { "Has tests for pytest" },
            folder.of(test),
        );
        let mut lines = vec![pytest.as_str()];
        if lacks_pytest {
            // Whatever installs the packages, pytest has to be beside them.
            lines.insert(
                0,
                match tool.name {
                    "uv" => "uv pip install pytest",
                    "Poetry" => "poetry run pip install pytest",
                    _ => "python -m pip install pytest",
                },
            );
        }
        component.tests = vec![
            Step::script("Run the tests", &folder.path, &lines),
            Step::results("Python", &folder.of("results/TEST-pytest.xml")),
        ];
        component.why.push("pytest runs tests of unittest as well, and writes results that the run shows test by test.".to_owned());
    }
    component.build = vec![
        Step::script("Install packages", &folder.path, &install),
        Step::script("Look for mistakes", &folder.path, &["python -m compileall -q ."]),
    ];
    if let Some((command, extra)) = command(folder, &project, &lists) {
        component.is_server = extra.is_some();
        let tag = version.as_deref().unwrap_or("3.13");
        let extra =
            extra.filter(|package| !lists.contains(package)).map_or_else(String::new, |package| {
                format!("RUN pip install --no-cache-dir {package}\n")
            });
        let early = if tool.name == "pip" && folder.has("requirements.txt") {
            format!(
                "# Packages first: they are installed again only when the list changes.\nCOPY requirements.txt ./\n{}{extra}COPY . .\n",
                tool.image
            )
        } else {
            format!("COPY . .\n{}{extra}", tool.image)
        };
        component.recipe = Some(Recipe {
            text: format!(
                "FROM python:{tag}-slim\nENV PYTHONUNBUFFERED=1\nWORKDIR /app\n{early}USER 65534:65534\nEXPOSE @port@\nCMD {command}\n"
            ),
            ignored: vec!["**/__pycache__", ".venv", "venv", "results"],
            why: vec![format!("Runs on Python {tag}, in the small edition of the image.")],
        });
    }
    Some(component)
}

fn version(folder: &Folder<'_>, project: &str, component: &mut Component) -> Option<String> {
    let of_file = |name: &str| {
        Some((
            folder.read(name)?.lines().next()?.trim().trim_start_matches("python-").to_owned(),
            name.to_owned(),
        ))
    };
    let (asked, file) =
        of_file(".python-version").or_else(|| of_file("runtime.txt")).or_else(|| {
            let asked = toml_text(project, "project", "requires-python")
                .or_else(|| toml_text(project, "tool.poetry.dependencies", "python"))?;
            Some((asked, "pyproject.toml".to_owned()))
        })?;
    component.note(format!("Python {asked}"), folder.of(&file));
    let is_number = asked.starts_with(|letter: char| letter.is_ascii_digit());
    // Minor versions are enough: patches come with the agent.
    let range = if is_number { version_numbers(&asked, 2)? } else { asked.clone() };
    component.tools = vec![Step::task(
        "UsePythonVersion@0",
        "Take the Python that is asked for",
        &[("versionSpec", range)],
    )];
    component.why.push(format!("Python is one that {file} asks for."));
    version_numbers(&asked, 2)
}

/// How the program is started, and a package that this needs.
fn command(
    folder: &Folder<'_>,
    project: &str,
    lists: &str,
) -> Option<(String, Option<&'static str>)> {
    let sources: Vec<String> = folder
        .below()
        .into_iter()
        .filter(|path| path.ends_with(".py") && !path.contains("test"))
        .take(80)
        .collect();
    let made = |pattern: &str| {
        sources.iter().find_map(|path| {
            let name = first_group(&folder.read(path)?, pattern)?;
            let module = path
                .trim_end_matches(".py")
                .trim_end_matches("/__init__")
                .trim_start_matches("src/")
                .replace('/', ".");
            Some(format!("{module}:{name}"))
        })
    };
    if lists.contains("fastapi") || lists.contains("starlette") {
        let app = made(r"(?m)^(\w+)\s*(?::\s*\w+\s*)?=\s*(?:fastapi\.)?(?:FastAPI|Starlette)\(")?;
        return Some((
            format!("[\"uvicorn\", \"{app}\", \"--host\", \"0.0.0.0\", \"--port\", \"@port@\"]"),
            Some("uvicorn"),
        ));
    }
    let gunicorn = |app: String| {
        (format!("[\"gunicorn\", \"--bind\", \"0.0.0.0:@port@\", \"{app}\"]"), Some("gunicorn"))
    };
    if lists.contains("flask") {
        return made(r"(?m)^(\w+)\s*=\s*(?:flask\.)?Flask\(").map(gunicorn);
    }
    if folder.has("manage.py") {
        let wsgi = sources.iter().find(|path| last(path) == "wsgi.py")?;
        return Some(gunicorn(format!(
            "{}:application",
            wsgi.trim_end_matches(".py").replace('/', ".")
        )));
    }
    if let Some(file) = folder.first(&["main.py", "app.py", "server.py", "src/main.py"]) {
        return Some((format!("[\"python\", \"{file}\"]"), None));
    }
    let script = first_group(project, r#"(?s)\[project\.scripts\]\s*\n\s*([\w-]+)\s*="#)?;
    Some((format!("[\"{script}\"]"), None))
}
