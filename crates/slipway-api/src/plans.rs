//! What a deployment would change, shown before anything is changed.
//!
//! Called by `handlers::promotion`, and once more when a deployment starts, so that nobody deploys on a
//! picture of yesterday. Deliberately not here: the comparison itself, which the target does.

use slipway_core::{DeploymentReason, Masker};
use slipway_deploy::{DeploymentPlan, FieldChange as Field, ObjectPlan as Planned, PlanAction};
use slipway_store::{DeploymentRow, EnvironmentRow};

use crate::app::App;
use crate::dto::{
    DeploymentPlanView, DeploymentSource, FieldChange, ObjectAction, ObjectPlan, ParameterChange,
    StrategyChoice,
};
use crate::error::ApiError;
use crate::parameters::HIDDEN;
use crate::rollouts::labels;
use crate::sources;
use crate::wanted::{Prepared, Wanted};

impl App {
    /// The plan of a source for an environment.
    pub(crate) async fn plan_deployment(
        &self,
        environment: EnvironmentRow,
        source: DeploymentSource,
        choice: Option<StrategyChoice>,
    ) -> Result<DeploymentPlanView, ApiError> {
        let strategy = choice.map(StrategyChoice::strategy).transpose()?;
        let wanted = self.wanted(environment, source, DeploymentReason::Deploy).await?;
        let strategy = strategy.or(wanted.strategy);
        let wanted = Wanted { strategy, ..wanted };
        let prepared = self.prepare(&wanted, &self.masker).await?;
        let image = wanted.main_image(&prepared.objects).cloned();
        let image = image.ok_or_else(|| {
            ApiError::refused("no_image", "The deployment has no image.")
                .with_hint("Choose one that names an image which a run pushed.")
        })?;
        let EnvironmentRow { project_id, name, .. } = &wanted.environment;
        let current = self.store.current_deployment(project_id, name).await?;
        let parameters = parameter_changes(current.as_ref(), &prepared.parameters);
        let mut notes = self.notes(&wanted, current.as_ref()).await?;
        if current.as_ref().is_some_and(|current| current.digest == image.digest) {
            notes.push(format!("{name} runs this digest already."));
        }
        let plan = Box::pin(self.plan(&wanted, prepared)).await?;
        let environment = &wanted.environment;
        Ok(DeploymentPlanView {
            environment: environment.name.to_string(),
            target: environment.target,
            context: environment.context.clone(),
            namespace: environment.namespace.clone(),
            digest: image.digest.clone(),
            image: image.reference(),
            commit: wanted.commit.clone(),
            is_blocked: plan.is_blocked(),
            objects: plan.objects.into_iter().map(|it| object_plan(it, &self.masker)).collect(),
            parameters,
            notes,
            hash: plan.hash,
        })
    }

    /// Refuses to deploy on a plan that is no longer true, or that could not be carried out.
    pub(crate) async fn check_plan(&self, wanted: &Wanted, hash: &str) -> Result<(), ApiError> {
        let prepared = self.prepare(wanted, &self.masker).await?;
        let plan = Box::pin(self.plan(wanted, prepared)).await?;
        let name = &wanted.environment.name;
        if plan.hash != hash {
            let message = format!(
                "Environment {name} or what is wanted has changed since the plan was made."
            );
            return Err(ApiError::refused("plan_stale", message)
                .with_hint("Look at the plan again, then start."));
        }
        let blocking = plan.objects.iter().find(|object| object.is_blocking());
        let Some(blocking) = blocking else { return Ok(()) };
        let problem = blocking.problem.clone().unwrap_or_default();
        let message = format!("{} cannot be applied: {problem}", blocking.key);
        let error = ApiError::refused("plan_blocked", self.masker.mask(&message));
        Err(match &blocking.hint {
            Some(hint) => error.with_hint(hint.clone()),
            None => error,
        })
    }

    async fn plan(&self, wanted: &Wanted, prepared: Prepared) -> Result<DeploymentPlan, ApiError> {
        let target = self.target(&wanted.environment).await?;
        let EnvironmentRow { project_id, name, .. } = &wanted.environment;
        let current = self.store.current_deployment(project_id, name).await?;
        // Its marks are on what is there: they are no change.
        let labels = current.as_ref().map(|row| labels(row, target.kind())).unwrap_or_default();
        let request = self.request(wanted, prepared, &labels, &target).await?;
        let before = match &wanted.strategy {
            // What is beside leaves what runs as it is: nothing of it would be pruned.
            Some(strategy) if strategy.is_beside() => request.prune.clone(),
            _ => self.applied_before(wanted).await?,
        };
        let request = target.request_by(wanted.strategy.as_ref(), request).await?;
        Ok(Box::pin(target.plan(&request, &before)).await?)
    }

    async fn notes(
        &self,
        wanted: &Wanted,
        current: Option<&DeploymentRow>,
    ) -> Result<Vec<String>, ApiError> {
        let EnvironmentRow { project_id, name, .. } = &wanted.environment;
        let mut notes = sources::told(&wanted.manifests, &wanted.environment);
        if let Some(hold) = self.store.environment_hold(project_id, name).await? {
            notes.push(format!("{} Deploying by hand lifts this hold.", hold.reason));
        }
        if current.is_none() {
            notes.push(format!(
                "Nothing is known to run in {name}: there is nothing to go back to if this fails."
            ));
        }
        let checks = self.store.environment_checks(project_id, name).await?;
        if checks.is_some_and(|row| !row.checks.is_empty()) {
            notes.push(format!(
                "{name} has checks: runs wait for them, whoever deploys by hand does not."
            ));
        }
        Ok(notes)
    }
}

/// What stands for the tokens now, beside what stood for them before.
fn parameter_changes(
    current: Option<&DeploymentRow>,
    parameters: &[(String, String)],
) -> Vec<ParameterChange> {
    let before = current.map(|row| row.parameters.as_slice()).unwrap_or_default();
    parameters
        .iter()
        .map(|(name, after)| ParameterChange {
            name: name.clone(),
            before: before
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone()),
            after: after.clone(),
        })
        .collect()
}

/// An object of a target's plan as it is shown.
pub(crate) fn object_plan(planned: Planned, masker: &Masker) -> ObjectPlan {
    let Planned { key, place, action, fields, problem, hint } = planned;
    ObjectPlan {
        api_version: key.api_version,
        kind: key.kind,
        name: key.name,
        namespace: key.namespace,
        place,
        action: match action {
            PlanAction::Create => ObjectAction::Create,
            PlanAction::Change => ObjectAction::Change,
            PlanAction::Same => ObjectAction::Same,
            PlanAction::Delete => ObjectAction::Delete,
            PlanAction::Conflict => ObjectAction::Conflict,
            PlanAction::Refused => ObjectAction::Refused,
        },
        fields: fields.into_iter().map(|field| field_change(field, masker)).collect(),
        problem: problem.map(|problem| masker.mask(&problem)),
        hint,
    }
}

/// A field that holds a secret anywhere in its value is hidden as a whole.
fn field_change(field: Field, masker: &Masker) -> FieldChange {
    let Field { path, before, after, is_secret, owner, is_conflict } = field;
    let has_secret =
        |value: &Option<String>| value.as_ref().is_some_and(|value| masker.mask(value) != *value);
    let is_secret = is_secret || has_secret(&before) || has_secret(&after);
    let shown = |value: Option<String>| match is_secret {
        true => value.map(|_| HIDDEN.to_owned()),
        false => value,
    };
    FieldChange { path, before: shown(before), after: shown(after), is_secret, owner, is_conflict }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_a_secret_in_it_is_hidden_on_both_sides() {
        let masker = Masker::new();
        masker.add("s3cr3t-word");
        let field = |before: &str| Field {
            path: "spec.a".to_owned(),
            before: Some(before.to_owned()),
            after: Some("Server=x;Key=s3cr3t-word".to_owned()),
            is_secret: false,
            owner: None,
            is_conflict: false,
        };
        let shown = field_change(field("Server=x;Key=old"), &masker);
        assert!(shown.is_secret, "it is said that it is a secret");
        assert_eq!(shown.before.as_deref(), Some(HIDDEN), "the old value may be one as well");
        assert_eq!(shown.after.as_deref(), Some(HIDDEN));
    }
}
