//! Parameters of an environment in manifests: `#{NAME}#` stands for a value that each environment has.
//!
//! Values come from the environment; secrets from the Library's variable group that is called as the
//! environment. Called before manifests are read as YAML. Deliberately not here: YAML, and what is deployed.

use std::collections::BTreeSet;

use slipway_core::{ErrorKind, Masker};
use slipway_runner::{GroupVariable, ManifestText};
use slipway_store::EnvironmentRow;

use crate::app::App;
use crate::error::ApiError;

/// What stands for a secret in the plan and in the record.
pub(crate) const HIDDEN: &str = "***";
const OPEN: &str = "#{";
const CLOSE: &str = "}#";

/// A value for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) is_secret: bool,
}

impl Parameter {
    /// As it may be shown and kept.
    pub(crate) fn shown(&self) -> (String, String) {
        let value = if self.is_secret { HIDDEN.to_owned() } else { self.value.clone() };
        (self.name.clone(), value)
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// A token and where it stands.
#[derive(Debug, PartialEq, Eq)]
struct Token<'a> {
    name: &'a str,
    line: usize,
    /// In a line that is a comment: nobody misses its value.
    is_comment: bool,
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let is_comment = line.trim_start().starts_with("# ");
        let mut rest = line;
        while let Some((name, after)) = next_token(rest) {
            found.push(Token { name, line: index + 1, is_comment });
            rest = after;
        }
    }
    found
}

/// The first token of a text, and what comes after it.
fn next_token(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find(OPEN) {
        let start = from + open + OPEN.len();
        let inside = &text[start..];
        let end = inside.find(|letter: char| {
            !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-'))
        });
        match end {
            Some(end) if end > 0 && inside[end..].starts_with(CLOSE) => {
                return Some((&inside[..end], &inside[end + CLOSE.len()..]));
            }
            _ => from = start,
        }
    }
    None
}

/// The text with values for its tokens; a token without a value stays.
pub(crate) fn replaced(text: &str, parameters: &[Parameter]) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((name, after)) = next_token(rest) {
        let token_len = OPEN.len() + name.len() + CLOSE.len();
        let before = rest.len() - after.len() - token_len;
        done.push_str(&rest[..before]);
        match parameters.iter().find(|parameter| parameter.is(name)) {
            Some(parameter) => done.push_str(&parameter.value),
            None => done.push_str(&rest[before..before + token_len]),
        }
        rest = after;
    }
    done.push_str(rest);
    done
}

impl App {
    /// A value for each token of the manifests. `recorded` are those of an earlier deployment to the same
    /// environment, which come first: a rollback brings back what was there.
    pub(crate) async fn parameters(
        &self,
        environment: &EnvironmentRow,
        manifests: &[ManifestText],
        recorded: &[(String, String)],
        masker: &Masker,
    ) -> Result<Vec<Parameter>, ApiError> {
        let mut names = BTreeSet::new();
        for manifest in manifests {
            names.extend(tokens(&manifest.text).iter().map(|token| token.name.to_lowercase()));
        }
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let plain = |list: &[(String, String)], name: &str| {
            let found = list.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(name, value)| Parameter {
                name: name.clone(),
                value: value.clone(),
                is_secret: false,
            })
        };
        let group = self.group_of(environment).await?;
        let mut parameters = Vec::new();
        for name in &names {
            let of_record = plain(recorded, name).filter(|found| found.value != HIDDEN);
            let found = of_record.or_else(|| plain(&environment.variables, name)).or_else(|| {
                let found = group.iter().find(|known| known.name.eq_ignore_ascii_case(name))?;
                Some(Parameter {
                    name: found.name.clone(),
                    value: found.value.clone(),
                    is_secret: found.is_secret,
                })
            });
            if let Some(found) = found {
                if found.is_secret {
                    masker.add(&found.value);
                }
                parameters.push(found);
            }
        }
        missing(environment, manifests, &parameters).map_or(Ok(parameters), Err)
    }

    async fn group_of(&self, environment: &EnvironmentRow) -> Result<Vec<GroupVariable>, ApiError> {
        let name = environment.name.as_str();
        match self.store.variable_group(&environment.project_id, name).await? {
            Some(_) => self.group_variables(&environment.project_id, name).await,
            None => Ok(Vec::new()),
        }
    }
}

/// The refusal for tokens that nothing stands for.
fn missing(
    environment: &EnvironmentRow,
    manifests: &[ManifestText],
    parameters: &[Parameter],
) -> Option<ApiError> {
    let name = &environment.name;
    let mut places = Vec::new();
    for manifest in manifests {
        for token in tokens(&manifest.text) {
            if !token.is_comment && !parameters.iter().any(|known| known.is(token.name)) {
                let place = format!("{}:{}", manifest.path, token.line);
                places.push((token.name, place));
            }
        }
    }
    let (token, place) = places.first()?;
    let message = format!("{place}: #{{{token}}}# has no value in environment {name}.");
    let hint = format!(
        "Add {token} to the parameters of {name} under Environments; a secret to the Library's variable \
         group '{name}'."
    );
    let others = places[1..].iter().map(|(token, place)| format!("{place}: #{{{token}}}#"));
    Some(
        ApiError::new(ErrorKind::UserInput, "parameter_missing", message)
            .with_hint(hint)
            .and(others),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(name: &str, value: &str, is_secret: bool) -> Parameter {
        Parameter { name: name.to_owned(), value: value.to_owned(), is_secret }
    }

    #[test]
    fn tokens_are_found_with_their_lines() {
        let text = "a: #{One}#\n# not #{Two}#\nb: '#{a.b-c_1}##{One}#' #{ no }# #{}# #{open\n";
        let found = tokens(text);
        let seen: Vec<_> = found.iter().map(|it| (it.name, it.line, it.is_comment)).collect();
        let expected =
            [("One", 1, false), ("Two", 2, true), ("a.b-c_1", 3, false), ("One", 3, false)];
        assert_eq!(seen, expected, "only whole tokens with a name count");
    }

    #[test]
    fn values_stand_where_tokens_stood() {
        let parameters = [parameter("one", "1", false), parameter("key", "s3cr3t", true)];
        let text = "a: #{One}#x\nb: #{KEY}##{other}#\n";
        assert_eq!(replaced(text, &parameters), "a: 1x\nb: s3cr3t#{other}#\n");
        assert_eq!(replaced("none #{", &parameters), "none #{", "nothing else is touched");
        assert_eq!(parameters[1].shown().1, HIDDEN, "a secret is shown as stars");
    }

    #[test]
    fn a_missing_value_is_named_with_its_place_and_where_it_belongs() {
        let environment = EnvironmentRow {
            project_id: slipway_core::ProjectId::new("p"),
            name: slipway_core::EnvironmentName::new("staging"),
            target: slipway_core::TargetKind::Local,
            context: String::new(),
            namespace: "default".to_owned(),
            variables: Vec::new(),
        };
        let text = "kind: Deployment\nspec: #{replicas}#\n# see #{nothing}#\nname: #{name}#\n";
        let manifests =
            [ManifestText { path: "deploy/web.yaml".to_owned(), text: text.to_owned() }];
        let error = missing(&environment, &manifests, &[]).unwrap();
        assert!(error.message.starts_with("deploy/web.yaml:2: #{replicas}#"), "{}", error.message);
        let hint = error.hint.unwrap();
        assert!(hint.contains("replicas") && hint.contains("staging"), "{hint}");
        let others = error.others.unwrap();
        assert_eq!(&others[..], ["deploy/web.yaml:4: #{name}#"], "all are told, comments not");
    }
}
