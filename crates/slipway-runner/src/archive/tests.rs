//! Archives go in and come out, and nothing leads out of a folder.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;

fn tree(root: &Path) -> PathBuf {
    let from = root.join("from");
    fs::create_dir_all(from.join("sub/empty")).unwrap();
    fs::write(from.join("a.txt"), "alpha").unwrap();
    fs::write(from.join("sub/run.sh"), "#!/bin/sh\n").unwrap();
    fs::set_permissions(from.join("sub/run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink("a.txt", from.join("link")).unwrap();
    from
}

fn order(from: &Path, archive: PathBuf, format: Format) -> Pack {
    let entries = vec![(from.to_owned(), PathBuf::from("top"))];
    Pack { entries, format, archive, adds: false }
}

#[test]
fn every_format_comes_back_as_it_went_in() {
    let root = tempfile::tempdir().unwrap();
    let from = tree(root.path());
    for name in ["x.zip", "x.tar", "x.tar.gz", "x.tar.bz2", "x.tar.xz"] {
        let archive = root.path().join(name);
        let format = Format::of(&archive).unwrap();
        let done = pack(&order(&from, archive.clone(), format)).unwrap();
        assert_eq!(done.files, 3, "{name}: three files, one of them a link");
        let into = root.path().join(format!("into-{name}"));
        unpack(&archive, format, &into, Existing::Kept).unwrap();
        let text = fs::read_to_string(into.join("top/a.txt")).unwrap();
        assert_eq!(text, "alpha", "{name}: the text is the same");
        let mode = fs::metadata(into.join("top/sub/run.sh")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755, "{name}: it can still be started");
        assert!(into.join("top/sub/empty").is_dir(), "{name}: an empty folder is kept");
        let is_link = fs::symlink_metadata(into.join("top/link")).unwrap().is_symlink();
        assert_eq!(is_link, name != "x.zip", "{name}: tar keeps links, zip follows them");
    }
}

#[test]
fn an_archive_can_be_added_to() {
    let root = tempfile::tempdir().unwrap();
    let from = tree(root.path());
    for name in ["x.zip", "x.tar"] {
        let archive = root.path().join(name);
        let format = Format::of(&archive).unwrap();
        pack(&order(&from, archive.clone(), format)).unwrap();
        fs::write(root.path().join("more.txt"), "more").unwrap();
        let entries = vec![(root.path().join("more.txt"), PathBuf::from("more.txt"))];
        pack(&Pack { entries, format, archive: archive.clone(), adds: true }).unwrap();
        let into = root.path().join(format!("added-{name}"));
        unpack(&archive, format, &into, Existing::Kept).unwrap();
        assert!(into.join("more.txt").is_file(), "{name}: what was added is there");
        assert!(into.join("top/a.txt").is_file(), "{name}: what was there stays");
    }
    let archive = root.path().join("x.tar.gz");
    let format = Format::of(&archive).unwrap();
    pack(&order(&from, archive.clone(), format)).unwrap();
    let adds = Pack { adds: true, ..order(&from, archive, format) };
    assert!(pack(&adds).is_err(), "tar itself cannot add to a compressed archive");
}

#[test]
fn no_file_is_written_outside_of_the_folder() {
    let root = tempfile::tempdir().unwrap();
    let outside = root.path().join("outside");
    fs::create_dir_all(&outside).unwrap();
    let evil_tar = |name: &str, fill: &dyn Fn(&mut tar::Builder<File>)| {
        let path = root.path().join(name);
        let mut builder = tar::Builder::new(File::create(&path).unwrap());
        fill(&mut builder);
        builder.finish().unwrap();
        path
    };
    let file = |builder: &mut tar::Builder<File>, name: &str| {
        let mut header = tar::Header::new_old();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(1);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, &b"x"[..]).unwrap();
    };
    let link = |builder: &mut tar::Builder<File>, name: &str, target: &str| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, name, target).unwrap();
    };
    let cases = [
        evil_tar("up.tar", &|builder| file(builder, "../outside/x")),
        evil_tar("root.tar", &|builder| file(builder, "/tmp/slipway-must-not-exist")),
        evil_tar("link.tar", &|builder| {
            link(builder, "way", "../outside");
            file(builder, "way/x");
        }),
        evil_tar("absolute.tar", &|builder| link(builder, "way", "/etc")),
    ];
    for archive in cases {
        let into = root.path().join("into");
        fs::create_dir_all(&into).unwrap();
        let format = Format::Tar(Compression::None);
        let refused = unpack(&archive, format, &into, Existing::Replaced);
        let error = refused.err().unwrap_or_else(|| panic!("{} was taken", archive.display()));
        assert!(error.to_string().contains("lead out of"), "{error}");
    }
    let archive = root.path().join("up.zip");
    let mut zip = zip::ZipWriter::new(File::create(&archive).unwrap());
    zip.start_file("..\\outside\\x", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"x").unwrap();
    zip.finish().unwrap();
    let into = root.path().join("into");
    let refused = unpack(&archive, Format::Zip, &into, Existing::Replaced);
    assert!(refused.is_err(), "a zip of Windows leads out as well");
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0, "nothing came out");
}

#[test]
fn files_that_are_there_are_kept_or_replaced() {
    let root = tempfile::tempdir().unwrap();
    let from = tree(root.path());
    let archive = root.path().join("x.tar.gz");
    let format = Format::of(&archive).unwrap();
    pack(&order(&from, archive.clone(), format)).unwrap();
    let into = root.path().join("into");
    fs::create_dir_all(into.join("top")).unwrap();
    let read = || fs::read_to_string(into.join("top/a.txt")).unwrap();
    fs::write(into.join("top/a.txt"), "mine").unwrap();
    let done = unpack(&archive, format, &into, Existing::Kept).unwrap();
    assert_eq!((read().as_str(), !done.warnings.is_empty()), ("mine", true), "kept, and said so");
    unpack(&archive, format, &into, Existing::Replaced).unwrap();
    assert_eq!(read(), "alpha", "replaced");
}

#[test]
fn a_broken_archive_is_an_error_that_names_it() {
    let root = tempfile::tempdir().unwrap();
    for name in ["x.zip", "x.tar.gz", "x.tar.xz", "x.tar.bz2"] {
        let archive = root.path().join(name);
        fs::write(&archive, "this is no archive").unwrap();
        let format = Format::of(&archive).unwrap();
        let error =
            unpack(&archive, format, &root.path().join("into"), Existing::Kept).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    }
}
