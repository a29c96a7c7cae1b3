//! Where jobs of a pool run: on this machine, or in an image that the user chose for the pool's label.
//!
//! `timeline` and `job` ask it for each job, `support` before the run, the house keeps it. A label is what
//! `vmImage:` says, or else the pool's name. Deliberately not here: keeping the table.

use slipway_pipeline::macros::expand;
use slipway_pipeline::plan::{PlanPool, is_late};

/// Where a label leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PoolPlace {
    /// This machine, whatever the label promises.
    Host,
    /// A container of this image.
    Image(String),
}

/// An operating system that this runner does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignSystem {
    Windows,
    MacOs,
}

impl ForeignSystem {
    /// As its maker writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Windows => "Windows",
            Self::MacOs => "macOS",
        }
    }
}

/// Labels and where they lead; labels ignore case. A label that is not in it leads to this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PoolTable {
    entries: Vec<(String, PoolPlace)>,
}

impl PoolTable {
    /// A table of these entries; of two with one label the later counts.
    pub fn new(entries: impl IntoIterator<Item = (String, PoolPlace)>) -> Self {
        let entries =
            entries.into_iter().map(|(label, place)| (label.trim().to_lowercase(), place));
        Self { entries: entries.collect() }
    }

    /// What the user chose for a label.
    pub fn place(&self, label: &str) -> Option<&PoolPlace> {
        let label = label.trim().to_lowercase();
        self.entries.iter().rev().find(|(known, _)| *known == label).map(|(_, place)| place)
    }

    /// The image for a pool's jobs; `None` is this machine.
    pub(crate) fn image(
        &self,
        pool: &PlanPool,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Option<String> {
        let label = expand(label_of(pool)?, lookup);
        match self.place(&label)? {
            PoolPlace::Host => None,
            PoolPlace::Image(image) => Some(image.clone()),
        }
    }

    /// The system that a pool's jobs expect and do not get, if the user did not choose for the label.
    pub fn foreign(&self, pool: &PlanPool) -> Option<(String, ForeignSystem)> {
        self.foreign_of(pool, |_| None)
    }

    /// The same with what is known of the variables that the label names.
    pub(crate) fn foreign_of(
        &self,
        pool: &PlanPool,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Option<(String, ForeignSystem)> {
        let label = expand(label_of(pool)?, lookup);
        let label = Some(label.as_str()).filter(|label| !is_late(label))?;
        let system = foreign_system(label)?;
        self.place(label).is_none().then(|| (label.to_owned(), system))
    }
}

/// What `vmImage:` says, or the pool's name.
pub(crate) fn label_of(pool: &PlanPool) -> Option<&str> {
    pool.vm_image.as_deref().or(pool.name.as_deref()).map(str::trim)
}

/// The system behind a label of a hosted image.
fn foreign_system(label: &str) -> Option<ForeignSystem> {
    let label = label.to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| label.starts_with(word));
    if begins(&["macos", "mac-", "hosted macos"]) {
        if cfg!(target_os = "macos") {
            return None;
        }
        Some(ForeignSystem::MacOs)
    } else if begins(&["windows", "vs20", "win1", "win2", "hosted vs20", "hosted windows"]) {
        Some(ForeignSystem::Windows)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(name: Option<&str>, image: Option<&str>) -> PlanPool {
        PlanPool {
            name: name.map(str::to_owned),
            vm_image: image.map(str::to_owned),
            ..PlanPool::default()
        }
    }

    #[test]
    fn a_label_leads_where_the_user_said() {
        let image = PoolPlace::Image("img:1".to_owned());
        let table = PoolTable::new([
            ("Ubuntu-Latest".to_owned(), image),
            ("windows-latest".to_owned(), PoolPlace::Host),
        ]);
        let lookup = |name: &str| (name == "os").then(|| "ubuntu-latest".to_owned());
        let image = |pool: &PlanPool| table.image(pool, lookup);
        let hosted = Some("Azure Pipelines");
        assert_eq!(image(&pool(hosted, Some("ubuntu-latest"))).as_deref(), Some("img:1"));
        assert_eq!(
            image(&pool(hosted, Some("$(os)"))).as_deref(),
            Some("img:1"),
            "a matrix fills it in"
        );
        assert_eq!(
            image(&pool(Some("ubuntu-latest"), None)).as_deref(),
            Some("img:1"),
            "a pool's name"
        );
        assert_eq!(image(&pool(hosted, Some("ubuntu-22.04"))), None, "others run here");
        assert_eq!(table.foreign(&pool(hosted, Some("windows-latest"))), None, "the user chose");
        let (label, system) = table.foreign(&pool(hosted, Some("macOS-15"))).unwrap();
        assert_eq!((label.as_str(), system.name()), ("macOS-15", "macOS"));
        let legacy = table.foreign(&pool(hosted, Some("vs2017-win2016")));
        assert!(legacy.is_some(), "old labels of Windows are known");
        assert_eq!(table.foreign(&pool(Some("My pool"), None)), None, "own pools run here");
        let late = pool(hosted, Some("$(image)"));
        assert_eq!(table.foreign(&late), None, "only its variables tell");
        let told = table.foreign_of(&late, |_| Some("windows-2022".to_owned()));
        assert_eq!(told, Some(("windows-2022".to_owned(), ForeignSystem::Windows)));
    }
}
