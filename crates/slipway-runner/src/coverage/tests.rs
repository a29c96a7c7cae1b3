//! Each format of coverage summaries.

use super::*;

fn rows(text: &str) -> (&'static str, Vec<(String, [u32; 4])>) {
    let coverage = read(text.as_bytes()).unwrap();
    let of = |file: FileCoverage| {
        let counts =
            [file.lines_covered, file.lines_total, file.branches_covered, file.branches_total];
        (file.path, counts)
    };
    (coverage.format, coverage.files.into_iter().map(of).collect())
}

fn one(path: &str, counts: [u32; 4]) -> Vec<(String, [u32; 4])> {
    vec![(path.to_owned(), counts)]
}

#[test]
fn every_format_comes_to_lines_and_branches_of_files() {
    let cobertura = r#"<coverage line-rate="0.5"><packages><package><classes>
        <class filename="src\a.cs"><methods><method><lines><line number="1" hits="1"/></lines></method></methods>
        <lines><line number="1" hits="1"/><line number="2" hits="0" branch="true" condition-coverage="50% (1/2)"/></lines></class>
        <class filename="src\a.cs"><lines><line number="2" hits="3"/></lines></class></classes></package></packages></coverage>"#;
    assert_eq!(
        rows(cobertura),
        ("Cobertura", one("src/a.cs", [2, 2, 1, 2])),
        "classes of one file"
    );
    let jacoco = r#"<!DOCTYPE report PUBLIC "x" "y"><report name="r"><package name="com/shop"><class><counter type="LINE" missed="9" covered="9"/></class>
        <sourcefile name="A.java"><line nr="1"/><counter type="BRANCH" missed="1" covered="3"/><counter type="LINE" missed="2" covered="8"/></sourcefile></package></report>"#;
    assert_eq!(
        rows(jacoco),
        ("JaCoCo", one("com/shop/A.java", [8, 10, 3, 4])),
        "source files only"
    );
    let open_cover = r#"<CoverageSession><Modules><Module><Files><File uid="1" fullPath="C:\s\a.cs"/></Files><Classes><Class><Methods><Method><FileRef uid="1"/>
        <SequencePoints><SequencePoint vc="1" sl="3"/><SequencePoint vc="0" sl="4" fileid="1"/></SequencePoints>
        <BranchPoints><BranchPoint vc="1" sl="3"/><BranchPoint vc="0" sl="3"/></BranchPoints></Method></Methods></Class></Classes></Module></Modules></CoverageSession>"#;
    assert_eq!(rows(open_cover), ("OpenCover", one("C:/s/a.cs", [1, 2, 1, 2])), "OpenCover");
    let clover = r#"<coverage generated="1"><project><file name="a.php" path="/s/a.php"><line num="1" type="method" count="1"/>
        <line num="2" type="stmt" count="0"/><line num="3" type="cond" truecount="1" falsecount="0"/></file></project></coverage>"#;
    assert_eq!(rows(clover), ("Clover", one("/s/a.php", [1, 2, 1, 2])), "Clover");
    let lcov = "TN:\nSF:src/a.ts\nDA:1,3\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nend_of_record\n";
    assert_eq!(rows(lcov), ("lcov", one("src/a.ts", [1, 2, 1, 2])), "lcov");
    let go = "mode: set\nm/a.go:1.2,3.4 2 1\nm/a.go:5.2,6.4 3 0\nm/a.go:5.2,6.4 3 0\n";
    assert_eq!(rows(go), ("Go", one("m/a.go", [2, 5, 0, 0])), "a block told of twice counts once");
}

#[test]
fn what_is_no_summary_is_told() {
    assert!(read(b"<html/>").unwrap_err().contains("<html>"), "another document");
    assert!(read(b"PK\x03\x04").unwrap_err().contains("Cobertura"), "no document");
    let cut = r#"<coverage><packages><class filename="a"><lines><line number="1" hits="1"/><lin"#;
    let coverage = read(cut.as_bytes()).unwrap();
    assert_eq!(coverage.files.len(), 1, "what stands before the cut is read");
    assert!(coverage.warning.unwrap().contains("not whole"), "and the cut is told");
    assert!(read(b"<coverage/>").unwrap().files.is_empty(), "an empty one is empty");
}
