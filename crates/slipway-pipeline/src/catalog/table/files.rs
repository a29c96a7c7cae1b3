//! Files: copying, deleting, packing, caching, secure files.

use super::{InputKind, InputSpec, TaskSpec, is, lines, number, off, on, output, path, pick, text};

/// Copies files.
#[rustfmt::skip]
pub static COPY_FILES_2: TaskSpec = TaskSpec::new("CopyFiles", 2,
    "Copies files that match patterns from one folder to another.", &[
    path("SourceFolder", "The folder to copy from; the sources if left out."),
    lines("Contents", "Patterns, one a line; ! excludes.").or("**"),
    path("TargetFolder", "The folder to copy to.").required(),
    off("CleanTargetFolder", "Empty the target folder before.").under("Advanced"),
    off("OverWrite", "Replace files that are there.").under("Advanced"),
    off("flattenFolders", "Put all files into one folder.").under("Advanced"),
    off("preserveTimestamp", "Keep the files' times.").under("Advanced"),
    number("retryCount", "How often to try a file again.").or("0").under("Advanced"),
    number("delayBetweenRetries", "Milliseconds between two tries.").or("1000").under("Advanced"),
    off("ignoreMakeDirErrors", "Go on when a folder cannot be made.").under("Advanced"),
]);

/// Deletes files.
#[rustfmt::skip]
pub static DELETE_FILES_1: TaskSpec = TaskSpec::new("DeleteFiles", 1,
    "Deletes files and folders that match patterns below a folder.", &[
    path("SourceFolder", "The folder to delete from; the sources if left out."),
    lines("Contents", "Patterns, one a line; ! excludes.").required(),
    off("RemoveSourceFolder", "Remove the folder as well if it is empty then.").under("Advanced"),
    off("RemoveDotFiles", "Wildcards match names that start with a dot as well.").under("Advanced"),
]);

/// Packs files.
#[rustfmt::skip]
pub static ARCHIVE_FILES_2: TaskSpec = TaskSpec::new("ArchiveFiles", 2,
    "Packs a file or folder into an archive.", &[
    path("rootFolderOrFile", "What to pack.").or("$(Build.BinariesDirectory)"),
    on("includeRootFolder", "Put the folder itself into the archive, not only what is in it."),
    pick("archiveType", &["zip", "7z", "tar", "wim"], "The format.").or("zip").under("Archive"),
    pick("sevenZipCompression", &["ultra", "maximum", "normal", "fast", "fastest", "none"], "How hard 7z tries.").or("normal").under("Archive").when(&[is("archiveType", &["7z"])]),
    pick("tarCompression", &["gz", "bz2", "xz", "none"], "How the tar file is compressed.").or("gz").under("Archive").when(&[is("archiveType", &["tar"])]),
    path("archiveFile", "The archive to write.").or("$(Build.ArtifactStagingDirectory)/$(Build.BuildId).zip").under("Archive"),
    on("replaceExistingArchive", "Replace an archive that is there, rather than adding to it.").under("Archive"),
    off("verbose", "Print more.").under("Archive"),
    off("quiet", "Print less.").under("Archive"),
]);

/// Unpacks files.
#[rustfmt::skip]
pub static EXTRACT_FILES_1: TaskSpec = TaskSpec::new("ExtractFiles", 1,
    "Unpacks archives that match patterns into a folder.", &[
    lines("archiveFilePatterns", "Archives, one pattern a line.").or("**/*.zip"),
    path("destinationFolder", "The folder to unpack into.").required(),
    on("cleanDestinationFolder", "Empty the folder before."),
    off("overwriteExistingFiles", "Replace files that are there."),
    path("pathToSevenZipTool", "The 7z program to use.").under("Advanced"),
]);

/// Keeps files between runs.
#[rustfmt::skip]
pub static CACHE_2: TaskSpec = TaskSpec::new("Cache", 2,
    "Restores a folder that an earlier run kept, and keeps it when the job succeeds.", &[
    text("key", "What the folder depends on: texts in quotes and files, separated by |.").required(),
    path("path", "The folder to keep.").required(),
    text("cacheHitVar", "A variable that becomes true, inexact or false.").under("Advanced"),
    lines("restoreKeys", "Beginnings of keys to fall back on, one a line.").under("Advanced"),
]);

/// A secret file.
#[rustfmt::skip]
pub static DOWNLOAD_SECURE_FILE_1: TaskSpec = TaskSpec::new("DownloadSecureFile", 1,
    "Puts a secure file into the temporary folder; it is deleted at the end of the job.", &[
    InputSpec::new("secureFile", InputKind::SecureFile, "The secure file's name.").required(),
    number("retryCount", "How often to try again.").or("8").under("Advanced"),
    number("socketTimeout", "Milliseconds to wait for an answer.").under("Advanced"),
]).sets(&[output("secureFilePath", "The path of the file.")]);
