//! Maven and Gradle.

use super::super::component::Component;
use super::super::docker::Recipe;
use super::super::folder::Folder;
use super::super::yaml::Step;

pub(super) fn maven(folder: &Folder<'_>) -> Option<Component> {
    let pom = folder.read("pom.xml")?;
    let mut component = Component { language: "Java", usual_port: 8080, ..Component::default() };
    let version = folder
        .find("pom.xml", r"<(?:java\.version|maven\.compiler\.release|maven\.compiler\.source|release)>\s*(?:1\.)?(\d+)");
    note_version(&mut component, folder, "Maven", "pom.xml", version.as_deref());
    // The module's own name, not that of its parent.
    let own = regex_without_parent(&pom);
    component.name =
        super::super::folder::first_group(&own, r"<artifactId>\s*([^<\s]+)").unwrap_or_default();
    let step = |display: &str, goals: &str, options: &str| {
        let mut inputs = vec![("mavenPomFile", folder.of("pom.xml")), ("goals", goals.to_owned())];
        inputs.push(("options", options.to_owned()));
        let is_tested = goals == "verify";
        inputs.push(("publishJUnitResults", is_tested.to_string()));
        if is_tested {
            inputs.push(("testResultsFiles", "**/surefire-reports/TEST-*.xml".to_owned()));
        }
        inputs.extend(jdk(version.as_deref()));
        Step::task("Maven@4", display, &inputs)
    };
    component.build = vec![step("Build", "package", "-B -DskipTests")];
    if let Some(test) = tests(folder) {
        component.note("Has Java tests", test);
        component.tests = vec![step("Build and run the tests", "verify", "-B")];
        component.tests_build = true;
    }
    let is_several = pom.contains("<modules>");
    if pom.contains("spring-boot") && !is_several {
        component.is_server = true;
        let version = version.as_deref().unwrap_or("21");
        component.recipe = Some(recipe(
            &format!("maven:3-eclipse-temurin-{version}"),
            "mvn -B -DskipTests package",
            "target",
            version,
        ));
        if pom.contains("spring-boot-starter-actuator") {
            component.health = Some("/actuator/health".to_owned());
            component.note("Answers /actuator/health when it is ready", folder.of("pom.xml"));
        }
    }
    Some(component)
}

pub(super) fn gradle(folder: &Folder<'_>) -> Option<Component> {
    let mut component = Component { language: "Java", usual_port: 8080, ..Component::default() };
    let file = folder.first(&[
        "build.gradle.kts",
        "build.gradle",
        "settings.gradle.kts",
        "settings.gradle",
    ])?;
    let text = folder.read(&file).unwrap_or_default();
    let version = folder
        .find(&file, r"(?:JavaLanguageVersion\.of\(|jvmToolchain\(|sourceCompatibility\s*=?\s*\D{0,24})(?:1\.)?(\d+)");
    note_version(&mut component, folder, "Gradle", &file, version.as_deref());
    let has_wrapper = folder.has("gradlew");
    let step = |display: &str, tasks: &str| {
        if !has_wrapper {
            return Step::script(display, &folder.path, &[&format!("gradle {tasks}")]);
        }
        let is_tested = tasks == "build";
        let mut inputs = vec![("gradleWrapperFile", folder.of("gradlew"))];
        if !folder.path.is_empty() {
            inputs.push(("workingDirectory", folder.path.clone()));
        }
        inputs
            .extend([("tasks", tasks.to_owned()), ("publishJUnitResults", is_tested.to_string())]);
        if is_tested {
            inputs.push(("testResultsFiles", "**/TEST-*.xml".to_owned()));
        }
        inputs.extend(jdk(version.as_deref()));
        Step::task("Gradle@3", display, &inputs)
    };
    component.build = vec![step("Build", "assemble")];
    if let Some(test) = tests(folder) {
        component.note("Has Java tests", test);
        component.tests = vec![step("Build and run the tests", "build")];
        component.tests_build = true;
    }
    if text.contains("org.springframework.boot") {
        component.is_server = true;
        let version = version.as_deref().unwrap_or("21");
        let (image, command) = if has_wrapper {
            (format!("eclipse-temurin:{version}-jdk"), "./gradlew --no-daemon bootJar")
        } else {
            (format!("gradle:8-jdk{version}"), "gradle --no-daemon bootJar")
        };
        component.recipe = Some(recipe(&image, command, "build/libs", version));
        if text.contains("spring-boot-starter-actuator") {
            component.health = Some("/actuator/health".to_owned());
            component.note("Answers /actuator/health when it is ready", folder.of(&file));
        }
    }
    Some(component)
}

fn note_version(
    component: &mut Component,
    folder: &Folder<'_>,
    tool: &str,
    file: &str,
    version: Option<&str>,
) {
    let what = version.map_or_else(
        || format!("Java with {tool}"),
        |version| format!("Java {version} with {tool}"),
    );
    component.note(what, folder.of(file));
    component.why.push(match version {
        Some(version) => {
            format!("The build takes the JDK {version} that {file} names, of those on the agent.")
        }
        None => format!("{file} names no version of Java, so the agent's own is used."),
    });
}

fn jdk(version: Option<&str>) -> Vec<(&'static str, String)> {
    let word = |version: &str| format!("1.{version}");
    version.map_or_else(Vec::new, |version| {
        vec![("javaHomeOption", "JDKVersion".to_owned()), ("jdkVersionOption", word(version))]
    })
}

fn tests(folder: &Folder<'_>) -> Option<String> {
    let found = folder.below().into_iter().find(|path| path.contains("src/test/"))?;
    Some(folder.of(&found))
}

fn regex_without_parent(pom: &str) -> String {
    match (pom.find("<parent>"), pom.find("</parent>")) {
        (Some(start), Some(end)) if start < end => format!("{}{}", &pom[..start], &pom[end..]),
        _ => pom.to_owned(),
    }
}

fn recipe(image: &str, command: &str, jars: &str, version: &str) -> Recipe {
    Recipe {
        text: format!(
            "FROM {image} AS build\nWORKDIR /src\nCOPY . .\nRUN {command} && mv {jars}/*.jar /app.jar\n\n\
             FROM eclipse-temurin:{version}-jre\nCOPY --from=build /app.jar /app.jar\nUSER 65534:65534\n\
             EXPOSE @port@\nENTRYPOINT [\"java\", \"-jar\", \"/app.jar\"]\n"
        ),
        ignored: vec!["target", "build", ".gradle"],
        why: vec![
            format!("Built with JDK {version}; the image that runs has only the runtime."),
            "Spring Boot packs everything into one jar, which is all that is copied.".to_owned(),
        ],
    }
}
