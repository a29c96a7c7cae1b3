//! Plans, deployments and the board as text.

use slipway_api::dto::{
    DeploymentPlanView, DeploymentView, DriftState, DriftView, ObjectAction, ObjectPlan,
    PromotionBoard, PromotionColumn,
};
use slipway_core::{DeploymentPhase, HealthVerdict, RolloutStrategy, StrategyOutcome, TargetKind};

use crate::print::line;

/// What a deployment would change.
pub(crate) fn plan(plan: &DeploymentPlanView) {
    let place = match plan.target {
        TargetKind::Local => "this machine".to_owned(),
        TargetKind::Kubernetes => format!("{}, namespace {}", plan.context, plan.namespace),
    };
    line(&format!("{} on {place}: commit {}", plan.environment, plan.commit.short()));
    line(&format!("  {}", plan.image));
    for parameter in &plan.parameters {
        match &parameter.before {
            Some(before) if *before == parameter.after => {}
            Some(before) => {
                line(&format!("  ~ #{{{}}}#  {before} → {}", parameter.name, parameter.after))
            }
            None => line(&format!("  + #{{{}}}#  {}", parameter.name, parameter.after)),
        }
    }
    plan.objects.iter().for_each(object);
    let same = plan.objects.iter().filter(|it| it.action == ObjectAction::Same).count();
    line(&format!("  {} of {} objects stay as they are", same, plan.objects.len()));
    for note in &plan.notes {
        line(&format!("  note: {note}"));
    }
}

/// One object with its fields; nothing for one that stays as it is.
fn object(object: &ObjectPlan) {
    let mark = match object.action {
        ObjectAction::Same => return,
        ObjectAction::Create => "+",
        ObjectAction::Change => "~",
        ObjectAction::Delete => "-",
        ObjectAction::Conflict | ObjectAction::Refused => "!",
    };
    let place = object.place.as_deref().map(|place| format!("   {place}")).unwrap_or_default();
    line(&format!("  {mark} {} {}{place}", object.kind, object.name));
    // What is new is new as a whole.
    for field in object.fields.iter().filter(|_| object.action != ObjectAction::Create) {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "∅".to_owned());
        let owner = field.owner.as_deref().map(|owner| format!("   ({owner})")).unwrap_or_default();
        let (before, after) = (shown(&field.before), shown(&field.after));
        line(&format!("      {}: {before} → {after}{owner}", field.path));
    }
    for text in object.problem.iter().chain(&object.hint) {
        line(&format!("      {text}"));
    }
}

/// What differs from what was deployed.
pub(crate) fn drift(environment: &str, drift: &DriftView) {
    match drift.state {
        DriftState::None => line(&format!("{environment} is as it was deployed.")),
        DriftState::Drifted => {
            line(&format!("{environment} differs from what was deployed:"));
            drift.objects.iter().for_each(object);
        }
        DriftState::Unknown => {
            let why = drift.problem.as_deref().unwrap_or("nothing is known to run there");
            line(&format!("{environment}: {why}"));
        }
    }
}

/// How a deployment ended.
pub(crate) fn ended(deployment: &DeploymentView) {
    let result =
        deployment.result.map_or_else(|| deployment.state.to_string(), |it| it.to_string());
    line(&format!("Deployment {} to {}: {result}", deployment.id, deployment.environment));
    if let Some(by) = &deployment.rolled_back_by {
        line(&format!("Rolled back by deployment {by}"));
    }
    if let Some(url) = &deployment.url {
        line(&format!("Reached at {url}"));
    }
    if deployment.phase == DeploymentPhase::Waiting {
        let environment = &deployment.environment;
        line(&format!("Decide with: slipway deploy {environment} --finish promote (or reject)"));
    }
}

/// What became of what ran beside.
pub(crate) fn finished(deployment: &DeploymentView) {
    match deployment.strategy.and_then(|strategy| strategy.outcome) {
        Some(StrategyOutcome::Rejected) => {
            let shown = deployment.strategy.map(RolloutStrategy::shown).unwrap_or_default();
            line(&format!("The {shown} in {} is rejected and gone.", deployment.environment));
        }
        _ => ended(deployment),
    }
}

/// The board, a column of it a line.
pub(crate) fn board(board: &PromotionBoard) {
    for column in &board.columns {
        line(&words(column).join("  "));
        if let Some(hold) = &column.hold {
            line(&format!("    held: {}", hold.reason));
        }
        if let Some(problem) = &column.environment.problem {
            line(&format!("    {problem}"));
        }
        if let Some(going) = &column.under_way {
            line(&format!("    under way: {} ({})", going.id, going.phase));
        }
        if let Some(waiting) = &column.waiting {
            let shown = waiting.strategy.map(RolloutStrategy::shown).unwrap_or_default();
            let verdict = waiting.health.as_ref().map(|health| health.reason.as_str());
            let verdict = verdict.unwrap_or("Not enough data for a verdict.");
            line(&format!("    waiting: {shown} of {}: {verdict}", waiting.commit.short()));
        }
        if column.is_interrupted {
            line("    the newest deployment was interrupted");
        }
    }
}

fn words(column: &PromotionColumn) -> Vec<String> {
    let mut words = vec![format!("{:<14}", column.environment.name)];
    let Some(current) = &column.environment.current else {
        words.push("nothing deployed".to_owned());
        return words;
    };
    words.push(current.commit.short().to_owned());
    words.push(current.digest.short().to_owned());
    let health = current.health.as_ref().map(|health| health.verdict);
    words.push(
        match health {
            Some(HealthVerdict::Healthy) => "healthy",
            Some(HealthVerdict::Unhealthy) => "unhealthy",
            _ => "waiting",
        }
        .to_owned(),
    );
    let ready = column.environment.pods.iter().filter(|pod| pod.is_ready).count();
    words.push(format!("{ready}/{} pods ready", column.environment.pods.len()));
    if let Some(behind) = column.behind.filter(|behind| *behind > 0) {
        words.push(format!("{behind} commits behind"));
    }
    if column.drift.state == DriftState::Drifted {
        words.push(format!("drifted ({})", column.drift.objects.len()));
    }
    words
}
