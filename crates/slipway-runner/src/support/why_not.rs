//! Tasks of the vendor's pages that cannot run on this machine, with the reason and what to use instead.
//!
//! Called by `support`. Deliberately not here: tasks that nobody has heard of.

/// Why a task cannot run here, and what to do; `None` if nothing is known about it.
pub(super) fn why_not(task: &str) -> Option<(&'static str, &'static str)> {
    const WINDOWS: &str = "needs Windows";
    const SKIP: &str = "Leave it out of the runs here.";
    const FEED: &str = "needs a feed of Azure Artifacts";
    const GITHUB: &str = "needs a service connection to GitHub";
    const KNOWN: &[(&str, &str, &str)] = &[
        ("AzurePowerShell", "needs the Az modules of PowerShell", "Use AzureCLI@2."),
        ("BatchScript", WINDOWS, "Use a bash script here."),
        ("DownloadGitHubRelease", GITHUB, "Use curl or gh in a script."),
        ("DownloadPackage", FEED, "Use the package manager's own program in a script."),
        ("GitHubComment", GITHUB, "Use gh in a script."),
        ("GitHubRelease", GITHUB, "Use gh in a script."),
        ("IISWebAppDeploymentOnMachineGroup", WINDOWS, SKIP),
        ("IISWebAppManagementOnMachineGroup", WINDOWS, SKIP),
        ("InstallAppleCertificate", "needs a Mac", SKIP),
        ("InstallAppleProvisioningProfile", "needs a Mac", SKIP),
        (
            "MSBuild",
            WINDOWS,
            "Use DotNetCoreCLI@2, with `command: custom` and `custom: msbuild` if need be.",
        ),
        ("NuGetRestore", "needs nuget.exe", "Use DotNetCoreCLI@2 with restore."),
        ("PowerShellOnTargetMachines", WINDOWS, SKIP),
        ("ServiceFabricDeploy", WINDOWS, SKIP),
        ("UniversalPackages", FEED, "Use `az artifacts universal` from AzureCLI@2."),
        ("VisualStudioTestPlatformInstaller", WINDOWS, SKIP),
        ("VSBuild", WINDOWS, "Use DotNetCoreCLI@2 with build."),
        ("VSTest", WINDOWS, "Use DotNetCoreCLI@2 with test."),
        ("WindowsMachineFileCopy", WINDOWS, SKIP),
        ("Xcode", "needs a Mac", SKIP),
    ];
    // Tasks that only the vendor's own teams have.
    const INTERNAL: &[&str] = &[
        "1ES.",
        "AzureArtifacts.manifest-generator-task.",
        "CodeQL3000",
        "ComponentGovernance",
        "Esrp",
        "MicroBuild",
        "OneLocBuild",
        "SFP.",
        "securedevelopmentteam.",
    ];
    let is_it = |(name, _, _): &&(&str, &str, &str)| name.eq_ignore_ascii_case(task);
    let found = KNOWN.iter().find(is_it).map(|(_, why, instead)| (*why, *instead));
    found.or_else(|| {
        let begins = |start: &str| {
            task.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
        };
        INTERNAL
            .iter()
            .any(|start| begins(start))
            .then_some(("is a task of Microsoft's own teams", SKIP))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_that_need_another_machine_are_known() {
        assert_eq!(why_not("vstest").map(|(why, _)| why), Some("needs Windows"), "in any case");
        assert!(why_not("MicroBuildCleanup").is_some(), "a family is known by how its names begin");
        assert!(why_not("Dokcer").is_none(), "a typing error is nothing known");
    }
}
