//! Variable groups of a scope: asked from the house when the scope begins, told to the masker at once.
//!
//! Called by `run`, `stage` and `job` before their own variables are evaluated. Deliberately not here: where
//! groups are kept (the house), which scope beats which (`scope`).

use slipway_core::Masker;
use slipway_pipeline::plan::PlanVariableGroup;

use crate::error::RunnerError;
use crate::host::RunHost;
use crate::variables::Variable;

/// A group's variables and their place in the list that names it.
#[derive(Debug)]
pub(crate) struct Group {
    /// How many variables of the list stand before it.
    pub(crate) position: usize,
    pub(crate) variables: Vec<Variable>,
}

/// The groups that a scope names, in its order.
pub(crate) async fn groups_of(
    host: &dyn RunHost,
    masker: &Masker,
    named: &[PlanVariableGroup],
) -> Result<Vec<Group>, RunnerError> {
    let mut groups = Vec::with_capacity(named.len());
    for group in named {
        let kept = host.variable_group(&group.name).await?;
        let variables = kept.into_iter().map(|variable| {
            if variable.is_secret {
                masker.add(&variable.value);
            }
            Variable {
                is_secret: variable.is_secret,
                ..Variable::plain(variable.name, variable.value)
            }
        });
        groups.push(Group { position: group.position, variables: variables.collect() });
    }
    Ok(groups)
}
