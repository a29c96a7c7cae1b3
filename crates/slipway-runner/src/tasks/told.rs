//! What a task tells later steps: variables, outputs, folders on PATH.
//!
//! Called by tasks, which need no `##vso` line for it. Deliberately not here: reading such lines.

use crate::commands::{add_secret, set_output};
use crate::scope::lock;
use crate::step_scope::StepScope;
use crate::variables::Variable;

/// Sets a variable of the job; one that cannot be changed stays.
pub(crate) fn set_variable(step: &StepScope, name: &str, value: &str) {
    let mut variables = lock(&step.job.variables);
    if variables.get(name).is_none_or(|known| !known.is_readonly) {
        variables.set(Variable::plain(name, value));
    }
}

/// Sets what the task declares as an output: `$(name)` and `$(step.name)`.
pub(crate) fn tell(step: &StepScope, name: &str, value: &str) {
    set_variable(step, name, value);
    set_output(step, name, value, false, &mut lock(&step.job.variables));
}

/// Puts a folder first on PATH, for the steps to come.
pub(crate) fn prepend_path(step: &StepScope, folder: &str) {
    let mut entries = lock(&step.job.path_entries);
    entries.retain(|known| known != folder);
    entries.insert(0, folder.to_owned());
}

/// Sets a secret variable of the job, and masks its value from here on.
pub(crate) fn set_secret(step: &StepScope, name: &str, value: &str) {
    add_secret(step, value);
    let mut variables = lock(&step.job.variables);
    if variables.get(name).is_none_or(|known| !known.is_readonly) {
        variables.set(Variable { is_secret: true, ..Variable::plain(name, value) });
    }
}

/// The longest text that a variable may hold: it is in the environment of every later step, where Linux takes
/// 128 KiB.
const LONGEST: usize = 100 * 1024;

/// Tells what a program printed, unless no later step could start with it.
pub(crate) async fn tell_printed(step: &StepScope, name: &str, text: &str) {
    if text.len() <= LONGEST {
        tell(step, name, text);
        return;
    }
    let text = format!(
        "The output is {} KiB long and is not kept in the variable '{name}': no later step could start with it. Ask \
         for less, or write it to a file in a script.",
        text.len() / 1024
    );
    step.warning(&text).await;
}
