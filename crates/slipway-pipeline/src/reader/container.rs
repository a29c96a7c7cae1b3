//! Containers of jobs, services and steps: an alias, an image, or settings in place (pipelines.md 15).

use super::Reader;
use super::conditions::Site;
use crate::plan::{MountReadOnly, PlanContainer, PlanService, PlanTarget, is_late};
use crate::schema::Shape;
use crate::tree::{Entry, Node, NodeValue, Place};

impl Reader<'_, '_> {
    pub(super) fn container(&mut self, node: &Node) -> Option<PlanContainer> {
        if let NodeValue::Scalar(_) = node.value {
            let text = self.some_text(node)?;
            self.check_runtime(node, &text, Site::JobProperty);
            return self.named_container(text.trim(), node.place);
        }
        let mut container = new_container();
        for entry in self.mapping(node, Shape::Container) {
            self.container_key(entry, &mut container);
        }
        if container.image.is_empty() {
            if container.alias.is_empty() {
                self.not_enough(node.place, &["image"], None);
                return None;
            }
            return self.named_container(&container.alias, node.place);
        }
        Some(container)
    }

    /// An alias wins; anything else has to look like an image.
    fn named_container(&mut self, name: &str, place: Place) -> Option<PlanContainer> {
        if let Some(at) = self.aliases.get(&("container", name.to_lowercase())) {
            return self.resources.containers.get(*at).map(|found| found.container.clone());
        }
        if is_late(name) || name.contains([':', '@', '/']) {
            return Some(PlanContainer { image: name.to_owned(), ..new_container() });
        }
        self.unknown_container(name, place);
        None
    }

    fn unknown_container(&mut self, name: &str, place: Place) {
        let message = format!(
            "A container resource with name {name} could not be found. The container resource does not exist. If you intended to specify an image, use NAME:TAG or NAME@DIGEST. For example, ubuntu:latest"
        );
        let resources = std::mem::take(&mut self.resources);
        let names = resources.containers.iter().map(|known| known.container.alias.as_str());
        let hint = self.near(name, names);
        self.resources = resources;
        self.report.error(place, "unknown_container", message, hint);
    }

    pub(super) fn container_key(&mut self, entry: &Entry, container: &mut PlanContainer) {
        let node = &entry.value;
        match entry.key.as_str() {
            "image" => container.image = self.some_text(node).unwrap_or_default(),
            "alias" => container.alias = self.some_text(node).unwrap_or_default(),
            "endpoint" => container.endpoint = self.some_text(node),
            "env" => container.env = self.environment(node),
            "options" => container.options = self.some_text(node),
            "ports" => container.ports = self.words(node),
            "volumes" => container.volumes = self.words(node),
            "localImage" => container.local_image = self.boolean(node).unwrap_or(false),
            "mapDockerSocket" => container.map_docker_socket = self.boolean(node).unwrap_or(true),
            "mountReadOnly" => container.mount_read_only = self.mounts(node),
            _ => {}
        }
    }

    fn mounts(&mut self, node: &Node) -> MountReadOnly {
        let mut mounts = MountReadOnly::default();
        for entry in self.mapping(node, Shape::MountReadOnly) {
            let is_on = self.boolean(&entry.value).unwrap_or(false);
            match entry.key.as_str() {
                "work" => mounts.work = is_on,
                "externals" => mounts.externals = is_on,
                "tools" => mounts.tools = is_on,
                _ => mounts.tasks = is_on,
            }
        }
        mounts
    }

    /// `name: alias`, `name: image:tag`, or settings.
    pub(super) fn services(&mut self, node: &Node) -> Vec<PlanService> {
        let mut services = Vec::new();
        for entry in self.any_mapping(node).unwrap_or_default() {
            if let Some(container) = self.container(&entry.value) {
                services.push(PlanService { name: entry.key.text.to_string(), container });
            }
        }
        services
    }

    /// `target:` of a step.
    pub(super) fn target(&mut self, node: &Node) -> Option<PlanTarget> {
        let mut target = PlanTarget::default();
        let mut place = node.place;
        if let NodeValue::Mapping(_) = node.value {
            for entry in self.mapping(node, Shape::StepTarget) {
                let node = &entry.value;
                match entry.key.as_str() {
                    "container" => {
                        place = node.place;
                        target.container = self.some_text(node);
                    }
                    "commands" => {
                        let word = self.word(node, Shape::StepTarget, "commands");
                        target.commands = word.map(str::to_owned);
                    }
                    _ => {
                        let names = self.words(node);
                        let is_none = matches!(names.as_slice(), [name] if name == "none");
                        target.settable_variables = Some(if is_none { Vec::new() } else { names });
                    }
                }
            }
        } else {
            target.container = Some(self.some_text(node)?);
        }
        if let Some(name) = &target.container
            && target.is_container()
            && !is_late(name)
            && !self.aliases.contains_key(&("container", name.to_lowercase()))
        {
            self.unknown_container(name, place);
        }
        Some(target)
    }
}

/// A container with the service's defaults.
pub(super) fn new_container() -> PlanContainer {
    PlanContainer { map_docker_socket: true, ..PlanContainer::default() }
}
