//! Publishing and downloading artifacts.

use super::{TaskSpec, is, lines, number, off, output, path, pick, text, truth};

const FROM: &[&str] = &["current", "specific"];
const VERSION: &[&str] = &["latest", "latestFromBranch", "specific"];
const SPECIFIC: &[super::ShownWhen] = &[is("source", &["specific"])];
const SPECIFIC_BUILD: &[super::ShownWhen] = &[is("buildType", &["specific"])];

/// What `publish:` means.
#[rustfmt::skip]
pub static PUBLISH_PIPELINE_ARTIFACT_1: TaskSpec = TaskSpec::new("PublishPipelineArtifact", 1,
    "Publishes a file or folder as an artifact of the run.", &[
    path("path", "What to publish: a file or a folder.").or("$(Pipeline.Workspace)").also(&["targetPath", "publish"]),
    text("artifactName", "Its name; the job's if left out.").also(&["artifact"]),
    pick("artifactType", &["pipeline", "filepath"], "Where to publish it to; only the run itself is supported here.").or("pipeline").also(&["publishLocation"]),
    path("fileSharePath", "The file share. Not supported.").required().when(&[is("artifactType", &["filepath"])]),
    off("parallel", "Copy several files at once.").when(&[is("artifactType", &["filepath"])]),
    number("parallelCount", "How many at once.").or("8").when(&[is("artifactType", &["filepath"])]),
    lines("properties", "Properties of the artifact, as JSON.").under("Advanced"),
]);

/// Its first version.
#[rustfmt::skip]
pub static PUBLISH_PIPELINE_ARTIFACT_0: TaskSpec = TaskSpec::new("PublishPipelineArtifact", 0,
    "Publishes a file or folder as an artifact of the run.", &[
    text("artifactName", "Its name.").or("drop"),
    path("path", "What to publish: a file or a folder.").required().also(&["targetPath"]),
]);

/// What `download:` means.
#[rustfmt::skip]
pub static DOWNLOAD_PIPELINE_ARTIFACT_2: TaskSpec = TaskSpec::new("DownloadPipelineArtifact", 2,
    "Downloads artifacts of this run or of another pipeline's run.", &[
    text("download", "The shorthand's word: `current`, `none` or a pipeline's alias.").internal(),
    pick("source", FROM, "This run, or one of another pipeline.").or("current").also(&["buildType"]),
    text("project", "The other pipeline's project.").required().when(SPECIFIC),
    text("pipeline", "The other pipeline: its name or number.").required().also(&["definition"]).when(SPECIFIC),
    off("preferTriggeringPipeline", "Take the run that started this one, if there is one.").also(&["specificBuildWithTriggering"]).when(SPECIFIC),
    pick("runVersion", VERSION, "Which run.").or("latest").also(&["buildVersionToDownload"]).when(SPECIFIC),
    text("runBranch", "The branch of the run.").or("refs/heads/master").also(&["branchName"]).when(&[is("source", &["specific"]), is("runVersion", &["latestFromBranch"])]),
    text("runId", "The number of the run.").required().also(&["pipelineId", "buildId"]).when(&[is("source", &["specific"]), is("runVersion", &["specific"])]),
    text("tags", "Tags that the run has to have, separated by commas.").when(SPECIFIC),
    off("allowPartiallySucceededBuilds", "Take a run that succeeded with issues as well.").when(SPECIFIC),
    off("allowFailedBuilds", "Take a failed run as well.").when(SPECIFIC),
    text("artifact", "The artifact; all of them, in a folder each, if left out.").also(&["artifactName"]),
    lines("patterns", "Patterns, one a line; ! excludes.").or("**").also(&["itemPattern"]),
    path("path", "Where to put the files.").or("$(Pipeline.Workspace)").also(&["targetPath", "downloadPath"]),
]).sets(&[output("BuildNumber", "The number of the run that the artifact is from.")]);

/// The older way to publish.
#[rustfmt::skip]
pub static PUBLISH_BUILD_ARTIFACTS_1: TaskSpec = TaskSpec::new("PublishBuildArtifacts", 1,
    "Publishes build artifacts of the run.", &[
    path("PathtoPublish", "What to publish: a file or a folder.").or("$(Build.ArtifactStagingDirectory)"),
    text("ArtifactName", "Its name.").or("drop"),
    pick("ArtifactType", &["Container", "FilePath"], "Where to publish it to; only the run itself (Container) is supported here.").or("Container").also(&["publishLocation"]),
    number("MaxArtifactSize", "The most bytes it may have; 0 for no limit.").or("0"),
    path("TargetPath", "The file share. Not supported.").required().when(&[is("ArtifactType", &["FilePath"])]),
    off("Parallel", "Copy several files at once.").when(&[is("ArtifactType", &["FilePath"])]),
    number("ParallelCount", "How many at once.").or("8").when(&[is("ArtifactType", &["FilePath"])]),
    off("StoreAsTar", "Pack it before, which keeps permissions.").under("Advanced"),
]);

/// The older way to download.
#[rustfmt::skip]
pub static DOWNLOAD_BUILD_ARTIFACTS_1: TaskSpec = TaskSpec::new("DownloadBuildArtifacts", 1,
    "Downloads build artifacts of this run or of another pipeline's run.", &[
    pick("buildType", FROM, "This run, or one of another pipeline.").or("current"),
    text("project", "The other pipeline's project.").required().when(SPECIFIC_BUILD),
    text("definition", "The other pipeline: its name or number.").required().also(&["pipeline"]).when(SPECIFIC_BUILD),
    off("specificBuildWithTriggering", "Take the run that started this one, if there is one.").when(SPECIFIC_BUILD),
    pick("buildVersionToDownload", VERSION, "Which run.").or("latest").when(SPECIFIC_BUILD),
    off("allowPartiallySucceededBuilds", "Take a run that succeeded with issues as well.").when(SPECIFIC_BUILD),
    text("branchName", "The branch of the run.").or("refs/heads/master").when(&[is("buildType", &["specific"]), is("buildVersionToDownload", &["latestFromBranch"])]),
    text("buildId", "The number of the run.").required().when(&[is("buildType", &["specific"]), is("buildVersionToDownload", &["specific"])]),
    text("tags", "Tags that the run has to have, separated by commas.").when(SPECIFIC_BUILD),
    pick("downloadType", &["single", "specific"], "One artifact, or files that match in all of them.").or("single"),
    text("artifactName", "The artifact.").required().when(&[is("downloadType", &["single"])]),
    lines("itemPattern", "Patterns, one a line; ! excludes.").or("**"),
    path("downloadPath", "Where to put the files; each artifact gets a folder of its name.").or("$(System.ArtifactsDirectory)"),
    off("cleanDestinationFolder", "Empty the folder before.").under("Advanced"),
    number("parallelizationLimit", "How many files at once.").or("8").under("Advanced"),
    off("checkDownloadedFiles", "Check each file after its download.").under("Advanced"),
    number("retryDownloadCount", "How often to try a file again.").or("4").under("Advanced"),
    truth("extractTars", "Unpack what was stored as a tar file.").under("Advanced"),
]).sets(&[output("BuildNumber", "The number of the run that the artifact is from.")]);

/// The first version of the older way to download.
#[rustfmt::skip]
pub static DOWNLOAD_BUILD_ARTIFACTS_0: TaskSpec = TaskSpec::new("DownloadBuildArtifacts", 0,
    "Downloads build artifacts of this run or of another pipeline's run.", &[
    pick("buildType", FROM, "This run, or one of another pipeline.").or("current"),
    text("project", "The other pipeline's project.").required().when(SPECIFIC_BUILD),
    text("definition", "The other pipeline: its name or number.").required().also(&["pipeline"]).when(SPECIFIC_BUILD),
    off("specificBuildWithTriggering", "Take the run that started this one, if there is one.").when(SPECIFIC_BUILD),
    pick("buildVersionToDownload", VERSION, "Which run.").or("latest").when(SPECIFIC_BUILD),
    off("allowPartiallySucceededBuilds", "Take a run that succeeded with issues as well.").when(SPECIFIC_BUILD),
    text("branchName", "The branch of the run.").or("refs/heads/master").when(&[is("buildType", &["specific"]), is("buildVersionToDownload", &["latestFromBranch"])]),
    text("buildId", "The number of the run.").required().when(&[is("buildType", &["specific"]), is("buildVersionToDownload", &["specific"])]),
    text("tags", "Tags that the run has to have, separated by commas.").when(SPECIFIC_BUILD),
    pick("downloadType", &["single", "specific"], "One artifact, or files that match in all of them.").or("single"),
    text("artifactName", "The artifact.").required().when(&[is("downloadType", &["single"])]),
    lines("itemPattern", "Patterns, one a line; ! excludes.").or("**"),
    path("downloadPath", "Where to put the files; each artifact gets a folder of its name.").or("$(System.ArtifactsDirectory)"),
    number("parallelizationLimit", "How many files at once.").or("8").under("Advanced"),
    off("checkDownloadedFiles", "Check each file after its download.").under("Advanced"),
    number("retryDownloadCount", "How often to try a file again.").or("4").under("Advanced"),
    truth("extractTars", "Unpack what was stored as a tar file.").under("Advanced"),
]).sets(&[output("BuildNumber", "The number of the run that the artifact is from.")]);
