//! `resources` as expressions see it: repositories and containers by alias, as the file declares them.
//!
//! Made once a run. Deliberately not here: runs of pipeline resources, which `tasks` look for.

use slipway_pipeline::expr::{Object, Value};
use slipway_pipeline::plan::PlanResources;

type Field<'a> = (&'a str, Option<&'a str>);

/// The value of `resources`.
pub(crate) fn resources_value(resources: &PlanResources) -> Value {
    let repositories = resources.repositories.iter().map(|one| {
        let name = one.name.as_deref().unwrap_or(&one.repository);
        let fields = [
            ("name", Some(name)),
            ("type", one.kind.as_deref()),
            ("ref", one.reference.as_deref()),
        ];
        (one.repository.clone(), object(&fields))
    });
    let containers = resources.containers.iter().map(|one| {
        let image = one.container.image.as_str();
        let fields = [
            ("type", one.kind.as_deref()),
            ("image", Some(image)),
            ("registry", one.registry.as_deref()),
            ("repository", one.repository.as_deref()),
        ];
        (one.container.alias.clone(), object(&fields))
    });
    let pipelines = resources.pipelines.iter().map(|one| {
        let fields = [
            ("pipelineName", Some(one.source.as_str())),
            ("projectName", one.project.as_deref()),
            ("sourceBranch", one.branch.as_deref()),
            ("runName", one.version.as_deref()),
        ];
        (one.pipeline.clone(), object(&fields))
    });
    [
        ("repositories".to_owned(), repositories.collect::<Object>().into()),
        ("containers".to_owned(), containers.collect::<Object>().into()),
        ("pipelines".to_owned(), pipelines.collect::<Object>().into()),
    ]
    .into_iter()
    .collect::<Object>()
    .into()
}

fn object(fields: &[Field<'_>]) -> Value {
    let known = fields.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?)));
    known.map(|(name, value)| (name, Value::from(value))).collect::<Object>().into()
}
