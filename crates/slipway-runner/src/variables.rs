//! Variables of a scope: names ignore case, later values win, secrets stay out of environments.
//!
//! Called by the scopes and by `output`. Deliberately not here: which scope beats which (`scope`).

use indexmap::IndexMap;
use slipway_pipeline::macros::resolve_variables;

/// A variable with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) is_secret: bool,
    pub(crate) is_readonly: bool,
    /// Keeps its case as an environment variable.
    pub(crate) keeps_case: bool,
}

impl Variable {
    /// An ordinary variable.
    pub(crate) fn plain(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            is_secret: false,
            is_readonly: false,
            keeps_case: false,
        }
    }

    /// A predefined variable; steps cannot change it.
    pub(crate) fn system(name: &str, value: impl Into<String>) -> Self {
        Self { is_readonly: true, ..Self::plain(name, value) }
    }
}

/// The variables that one place sees.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    by_name: IndexMap<String, Variable>,
}

impl Variables {
    /// Sets or replaces.
    pub(crate) fn set(&mut self, variable: Variable) {
        self.by_name.insert(variable.name.to_lowercase(), variable);
    }

    /// A variable by its name.
    pub(crate) fn get(&self, name: &str) -> Option<&Variable> {
        // Most names are asked for as they are kept or fold to it in ASCII; only then allocate.
        self.by_name.get(name).or_else(|| self.by_name.get(&name.to_lowercase()))
    }

    /// A value by its name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|variable| variable.value.as_str())
    }

    /// Every variable, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.by_name.values()
    }

    /// Expands macros inside of values, macros in their values too. Answers Azure's warnings about
    /// values that lead back to themselves; those stay as written.
    pub(crate) fn expand_values(&mut self) -> Vec<String> {
        if !self.by_name.values().any(|variable| variable.value.contains("$(")) {
            return Vec::new();
        }
        let raw = self
            .by_name
            .iter()
            .map(|(name, variable)| (name.clone(), variable.value.clone()))
            .collect();
        let resolved = resolve_variables(&raw);
        self.spread_secrets();
        for (name, value) in resolved.values {
            if let Some(variable) = self.by_name.get_mut(&name) {
                variable.value = value;
            }
        }
        resolved.warnings
    }

    /// What names a secret in a macro holds it after the expansion, and is one too.
    fn spread_secrets(&mut self) {
        loop {
            let secrets = self.by_name.iter().filter(|(_, variable)| variable.is_secret);
            let macros: Vec<String> = secrets.map(|(name, _)| format!("$({name})")).collect();
            let holds = |variable: &Variable| {
                let text = variable.value.to_lowercase();
                macros.iter().any(|name| text.contains(name))
            };
            let plain = self.by_name.values_mut().filter(|variable| !variable.is_secret);
            let mut has_grown = false;
            for variable in plain.filter(|variable| variable.value.contains("$(")) {
                variable.is_secret = holds(variable);
                has_grown |= variable.is_secret;
            }
            if !has_grown {
                return;
            }
        }
    }

    /// Names and values for a process's environment; secrets are left out (§19).
    pub(crate) fn environment(&self) -> impl Iterator<Item = (String, &str)> {
        self.iter().filter(|variable| !variable.is_secret).map(|variable| {
            let name = if variable.keeps_case {
                variable.name.replace(['.', ' '], "_")
            } else {
                environment_name(&variable.name)
            };
            (name, variable.value.as_str())
        })
    }
}

/// `Build.BuildId` becomes `BUILD_BUILDID`.
pub(crate) fn environment_name(name: &str) -> String {
    name.chars()
        .map(|letter| match letter {
            '.' | ' ' => '_',
            other => other.to_ascii_uppercase(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Variables {
        let mut variables = Variables::default();
        for (name, value) in pairs {
            variables.set(Variable::plain(*name, *value));
        }
        variables
    }

    #[test]
    fn values_expand_into_each_other() {
        let mut variables = of(&[("a", "$(B)/x"), ("b", "$(c)"), ("c", "1"), ("d", "$(nope)")]);
        assert!(variables.expand_values().is_empty(), "nothing leads back to itself");
        assert_eq!(variables.value("A"), Some("1/x"), "names ignore case, values are followed");
        assert_eq!(variables.value("d"), Some("$(nope)"), "an unknown name stays as written");
    }

    #[test]
    fn a_circle_stays_as_written() {
        let mut variables = of(&[("a", "$(b)"), ("b", "$(a)"), ("c", "x")]);
        assert_eq!(variables.expand_values().len(), 2, "both lead back to themselves");
        assert_eq!(variables.value("a"), Some("$(b)"), "the text is kept");
    }

    #[test]
    fn what_holds_a_secret_is_one() {
        let mut variables = of(&[("c", "x $(B)"), ("b", "-$(Token)-"), ("d", "$(nope)")]);
        variables.set(Variable { is_secret: true, ..Variable::plain("token", "s3cret") });
        variables.expand_values();
        let names: Vec<_> = variables.environment().map(|(name, _)| name).collect();
        assert_eq!(names, ["D"], "a script sees neither the secret nor what was made of it");
        assert_eq!(variables.value("c"), Some("x -s3cret-"), "macros see it");
    }

    #[test]
    fn secrets_stay_out_of_the_environment() {
        let mut variables = of(&[("Build.Build Id", "7")]);
        variables.set(Variable { is_secret: true, ..Variable::plain("token", "s3cret") });
        let names: Vec<_> = variables.environment().map(|(name, _)| name).collect();
        assert_eq!(names, ["BUILD_BUILD_ID"], "dots and blanks become _, the secret is missing");
    }
}
