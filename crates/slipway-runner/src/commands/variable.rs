//! `task.setvariable` and `task.settaskvariable`: later steps see the first, only the task itself the
//! second.

use super::secret::add_secret;
use super::{Broken, Command, Turn, needed};
use crate::deployment::output_names;
use crate::scope::lock;
use crate::step_scope::StepScope;
use crate::variables::{Variable, Variables};

/// A switch of the vendor's for secrets of several lines.
const UNSAFE_MULTILINE: &str = "SYSTEM_UNSAFEALLOWMULTILINESECRET";

pub(super) fn set_variable(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let step = turn.step;
    let name = needed(command, "variable")?;
    let value = command.message.as_str();
    let (is_secret, is_output) = (command.is_set("issecret"), command.is_set("isoutput"));
    if is_secret {
        keep_secret(step, value)?;
    }
    if !step.policy.may_set(name) {
        let text =
            format!("Setting variable '{name}' has been disabled by the task or build definition.");
        turn.warn(&text);
        return Ok(());
    }
    {
        let mut variables = lock(&step.job.variables);
        if is_output {
            set_output(step, name, value, is_secret, &mut variables);
        } else {
            refuse_readonly(&variables, name)?;
            variables.set(Variable {
                is_secret,
                is_readonly: command.is_set("isreadonly"),
                keeps_case: command.is_set("preservecase"),
                ..Variable::plain(name, value)
            });
        }
    }
    turn.debug(&format!("Set the variable {name}."));
    Ok(())
}

fn keep_secret(step: &StepScope, value: &str) -> Result<(), Broken> {
    let allows = |value: String| value.eq_ignore_ascii_case("true");
    if value.contains(['\r', '\n']) && !step.job.variable(UNSAFE_MULTILINE).is_some_and(allows) {
        return Err("Secrets cannot contain multiple lines.".to_owned());
    }
    add_secret(step, value);
    Ok(())
}

fn refuse_readonly(variables: &Variables, name: &str) -> Result<(), Broken> {
    match variables.get(name) {
        Some(known) if known.is_readonly => {
            Err(format!("Overwriting readonly variable '{name}' is not permitted."))
        }
        _ => Ok(()),
    }
}

/// An output is known as `step.name` in its job; other jobs address it by the job's kind (§5.5).
pub(crate) fn set_output(
    step: &StepScope,
    name: &str,
    value: &str,
    is_secret: bool,
    variables: &mut Variables,
) {
    let key = format!("{}.{name}", step.reference);
    variables.set(Variable { is_secret, is_readonly: true, ..Variable::plain(key.clone(), value) });
    let mut outputs = lock(&step.job.outputs);
    let shape = &step.job.shape;
    if let (Some(deployment), Some(phase)) = (&shape.plan.deployment, step.phase) {
        let resource = step.job.resource.as_deref();
        for name in output_names(&shape.base, deployment.strategy, phase, resource, &key) {
            outputs.insert(name, value.to_owned());
        }
    } else {
        outputs.insert(key, value.to_owned());
    }
}

pub(super) fn set_task_variable(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let name = needed(command, "variable")?;
    if command.is_set("issecret") {
        keep_secret(turn.step, &command.message)?;
    }
    turn.step.set_task_variable(name, &command.message);
    Ok(())
}
