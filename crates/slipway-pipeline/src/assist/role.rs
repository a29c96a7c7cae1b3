//! Whether a file is a pipeline or a template, by its name and its root.

use super::sketch::{ROOT, Sketch};

/// Keys that only a pipeline has.
const OF_PIPELINE: [&str; 6] = ["trigger", "pr", "schedules", "extends", "name", "pool"];

/// True for a file that looks like a template: what it comes to depends on who includes it.
pub fn is_template(name: &str, text: &str) -> bool {
    let sketch = Sketch::new(text);
    let has_own = sketch.children(ROOT).any(|child| OF_PIPELINE.contains(&sketch.key(child)));
    !has_own && !name.to_ascii_lowercase().contains("pipeline")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipeline_has_its_name_or_a_trigger() {
        assert!(is_template("build.yml", "parameters:\n  x: 1\nsteps: []\n"), "steps for others");
        assert!(!is_template("build.yml", "trigger: none\nsteps: []\n"), "it has a trigger");
        assert!(!is_template("azure-pipelines.yml", "steps: []\n"), "it is called so");
    }
}
