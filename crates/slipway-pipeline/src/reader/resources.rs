//! `resources:`, what a pipeline uses beside its own repository (pipelines.md 16).
//!
//! Read before the body, because jobs and steps name aliases.

use super::Reader;
use super::container::new_container;
use crate::plan::{
    BuildResource, ContainerResource, PackageResource, PipelineResource, RepositoryResource,
    WebhookFilter, WebhookResource,
};
use crate::schema::Shape;
use crate::tree::{Entry, Node, Place};
use crate::trigger::{
    ContainerTrigger, PackageTrigger, PipelineTrigger, RepositoryTrigger, Triggers,
};

impl Reader<'_, '_> {
    pub(super) fn read_resources(&mut self, resources: &Entry, triggers: &mut Triggers) {
        if let Some(items) = resources.value.items() {
            return self.legacy_resources(resources, items);
        }
        for entry in self.mapping(&resources.value, Shape::Resources) {
            let kind = entry.key.as_str();
            for item in self.sequence(&entry.value) {
                match kind {
                    "repositories" => self.repository(item, triggers),
                    "containers" => self.container_resource(item, triggers),
                    "pipelines" => self.pipeline_resource(item, triggers),
                    "packages" => self.package(item, triggers),
                    "webhooks" => self.webhook(item),
                    _ => self.build(item),
                }
            }
        }
    }

    /// `resources: - repo: self`, whose options go to the checkout.
    fn legacy_resources(&mut self, resources: &Entry, items: &[Node]) {
        let message = "A list of resources is an old form.";
        let hint = "Write resources: repositories:, or put the options into a checkout step.";
        self.report.information(resources.key_place, "deprecated", message, Some(hint.to_owned()));
        for item in items {
            let Some(repo) = item.get("repo") else {
                self.missing_kind(item, &[Shape::SelfRepository]);
                continue;
            };
            if repo.text() != Some("self") {
                let message = "Only 'repo: self' is allowed in this old form of resources.";
                self.report.error(repo.place, "unexpected_value", message, None);
                continue;
            }
            let mut own =
                RepositoryResource { repository: "self".to_owned(), ..new_repository(item.place) };
            for entry in self.mapping(item, Shape::SelfRepository) {
                if entry.key.as_str() != "repo"
                    && let Some(text) = self.some_text(&entry.value)
                {
                    own.checkout_options.insert(entry.key.text.to_string(), text);
                }
            }
            self.resources.repositories.push(own);
        }
    }

    /// The alias of an item, once; none when the item is to be passed over.
    fn alias(
        &mut self,
        kind: &'static str,
        shape: Shape,
        item: &Node,
        at: usize,
    ) -> Option<String> {
        let entry = self.kind(item, &[shape])?.0;
        let alias = self.some_text(&entry.value)?;
        if self.aliases.insert((kind, alias.to_lowercase()), at).is_some() {
            let message = format!("'{alias}' is already defined");
            let hint = Some("Give one of the two another alias.".to_owned());
            self.report.error(entry.value.place, "duplicate_key", message, hint);
        }
        Some(alias)
    }

    fn repository(&mut self, item: &Node, triggers: &mut Triggers) {
        let at = self.resources.repositories.len();
        let Some(alias) = self.alias("repository", Shape::Repository, item, at) else { return };
        let mut found =
            RepositoryResource { repository: alias.clone(), ..new_repository(item.place) };
        for entry in self.mapping(item, Shape::Repository) {
            let node = &entry.value;
            match entry.key.as_str() {
                "type" => {
                    let word = self.word(node, Shape::Repository, "type");
                    found.kind = word.map(str::to_owned);
                }
                "name" => found.name = self.some_text(node),
                "ref" => found.reference = self.some_text(node),
                "endpoint" => found.endpoint = self.some_text(node),
                "trigger" => {
                    let trigger = self.trigger(node);
                    triggers.repositories.push(RepositoryTrigger { alias: alias.clone(), trigger });
                }
                "checkoutOptions" => {
                    for entry in self.mapping(node, Shape::CheckoutOptions) {
                        if let Some(text) = self.some_text(&entry.value) {
                            found.checkout_options.insert(entry.key.text.to_string(), text);
                        }
                    }
                }
                _ => {}
            }
        }
        self.resources.repositories.push(found);
    }

    fn container_resource(&mut self, item: &Node, triggers: &mut Triggers) {
        let at = self.resources.containers.len();
        let Some(alias) = self.alias("container", Shape::ContainerResource, item, at) else {
            return;
        };
        let mut found = ContainerResource {
            span: item.place.span,
            file: item.place.source.0,
            container: new_container(),
            ..ContainerResource::default()
        };
        found.container.alias.clone_from(&alias);
        for entry in self.mapping(item, Shape::ContainerResource) {
            let node = &entry.value;
            match entry.key.as_str() {
                "type" => found.kind = self.some_text(node),
                "azureSubscription" => found.azure_subscription = self.some_text(node),
                "resourceGroup" => found.resource_group = self.some_text(node),
                "registry" => found.registry = self.some_text(node),
                "repository" => found.repository = self.some_text(node),
                "trigger" => {
                    let trigger = self.container_trigger(node, &alias);
                    triggers.containers.extend(trigger);
                }
                _ => self.container_key(entry, &mut found.container),
            }
        }
        // The image of an ACR resource is told by its registry and repository.
        if let (Some(registry), Some(repository), true) =
            (&found.registry, &found.repository, found.container.image.is_empty())
        {
            found.container.image = format!("{registry}.azurecr.io/{repository}");
        }
        if found.container.image.is_empty() {
            self.not_enough(item.place, &["image"], None);
        }
        self.resources.containers.push(found);
    }

    fn container_trigger(&mut self, node: &Node, alias: &str) -> Option<ContainerTrigger> {
        let mut trigger =
            ContainerTrigger { alias: alias.to_owned(), enabled: true, ..Default::default() };
        if node.entries().is_none() {
            return self.is_switched_on(node).then_some(trigger);
        }
        for entry in self.mapping(node, Shape::ContainerTrigger) {
            match entry.key.as_str() {
                "enabled" => trigger.enabled = self.boolean(&entry.value).unwrap_or(true),
                _ => trigger.tags = self.filter(&entry.value),
            }
        }
        Some(trigger)
    }

    /// `true`, or `none`, which is the same as nothing.
    fn is_switched_on(&mut self, node: &Node) -> bool {
        let Some(text) = self.some_text(node) else { return false };
        !text.eq_ignore_ascii_case("none") && self.boolean(node).unwrap_or(false)
    }

    fn pipeline_resource(&mut self, item: &Node, triggers: &mut Triggers) {
        let at = self.resources.pipelines.len();
        let Some(alias) = self.alias("pipeline", Shape::PipelineResource, item, at) else { return };
        let mut found = PipelineResource {
            pipeline: alias.clone(),
            source: alias,
            span: item.place.span,
            file: item.place.source.0,
            ..PipelineResource::default()
        };
        let mut trigger = None;
        for entry in self.mapping(item, Shape::PipelineResource) {
            let node = &entry.value;
            match entry.key.as_str() {
                "source" => found.source = self.some_text(node).unwrap_or_default(),
                "project" => found.project = self.some_text(node),
                "version" => found.version = self.some_text(node),
                "branch" => found.branch = self.some_text(node),
                "tags" => found.tags = self.words(node),
                "trigger" => trigger = self.pipeline_trigger(node),
                _ => {}
            }
        }
        if let Some(trigger) = trigger {
            triggers.pipelines.push(PipelineTrigger {
                alias: found.pipeline.clone(),
                source: found.source.clone(),
                project: found.project.clone(),
                ..trigger
            });
        }
        self.resources.pipelines.push(found);
    }

    fn pipeline_trigger(&mut self, node: &Node) -> Option<PipelineTrigger> {
        let mut trigger = PipelineTrigger { enabled: true, ..PipelineTrigger::default() };
        if node.items().is_some() {
            trigger.branches = self.filter(node);
            return Some(trigger);
        }
        if node.entries().is_none() {
            return self.is_switched_on(node).then_some(trigger);
        }
        for entry in self.mapping(node, Shape::PipelineTrigger) {
            let node = &entry.value;
            match entry.key.as_str() {
                "enabled" => trigger.enabled = self.boolean(node).unwrap_or(true),
                "branches" => trigger.branches = self.filter(node),
                "stages" => trigger.stages = self.words(node),
                _ => trigger.tags = self.words(node),
            }
        }
        Some(trigger)
    }

    fn package(&mut self, item: &Node, triggers: &mut Triggers) {
        let at = self.resources.packages.len();
        let Some(alias) = self.alias("package", Shape::Package, item, at) else { return };
        let mut found = PackageResource {
            package: alias.clone(),
            span: item.place.span,
            file: item.place.source.0,
            ..PackageResource::default()
        };
        for entry in self.mapping(item, Shape::Package) {
            let node = &entry.value;
            match entry.key.as_str() {
                "type" => found.kind = self.word(node, Shape::Package, "type").map(str::to_owned),
                "connection" => found.connection = self.some_text(node),
                "name" => found.name = self.some_text(node),
                "version" => found.version = self.some_text(node),
                "trigger" if self.is_switched_on(node) => {
                    triggers.packages.push(PackageTrigger { alias: alias.clone() });
                }
                _ => {}
            }
        }
        self.resources.packages.push(found);
    }

    fn webhook(&mut self, item: &Node) {
        let at = self.resources.webhooks.len();
        let Some(alias) = self.alias("webhook", Shape::Webhook, item, at) else { return };
        let mut found = WebhookResource {
            webhook: alias,
            span: item.place.span,
            file: item.place.source.0,
            ..WebhookResource::default()
        };
        for entry in self.mapping(item, Shape::Webhook) {
            let node = &entry.value;
            match entry.key.as_str() {
                "connection" => found.connection = self.some_text(node),
                "type" => found.kind = self.some_text(node),
                "filters" => {
                    for item in self.sequence(node) {
                        let filter = self.webhook_filter(item);
                        found.filters.push(filter);
                    }
                }
                _ => {}
            }
        }
        self.resources.webhooks.push(found);
    }

    fn webhook_filter(&mut self, item: &Node) -> WebhookFilter {
        let mut filter = WebhookFilter::default();
        for entry in self.mapping(item, Shape::WebhookFilter) {
            let text = self.text(&entry.value).unwrap_or_default();
            match entry.key.as_str() {
                "path" => filter.path = text,
                _ => filter.value = text,
            }
        }
        filter
    }

    fn build(&mut self, item: &Node) {
        let at = self.resources.builds.len();
        let Some(alias) = self.alias("build", Shape::Build, item, at) else { return };
        let mut found = BuildResource {
            build: alias,
            span: item.place.span,
            file: item.place.source.0,
            ..BuildResource::default()
        };
        for entry in self.mapping(item, Shape::Build) {
            self.build_key(entry, &mut found);
        }
        self.resources.builds.push(found);
    }

    fn build_key(&mut self, entry: &Entry, found: &mut BuildResource) {
        let text = self.some_text(&entry.value);
        match entry.key.as_str() {
            "type" => found.kind = text,
            "connection" => found.connection = text,
            "source" => found.source = text,
            "version" => found.version = text,
            "branch" => found.branch = text,
            _ => {}
        }
    }

    /// True for a repository that the pipeline defines.
    pub(super) fn knows_repository(&self, alias: &str) -> bool {
        self.aliases.contains_key(&("repository", alias.to_lowercase()))
    }
}

fn new_repository(place: Place) -> RepositoryResource {
    RepositoryResource { span: place.span, file: place.source.0, ..RepositoryResource::default() }
}
