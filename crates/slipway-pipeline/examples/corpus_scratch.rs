use std::collections::BTreeMap;
use slipway_pipeline::catalog::*;
use slipway_pipeline::*;
struct All(std::sync::Mutex<Vec<&'static TaskSpec>>);
impl TaskCatalog for All {
    fn task(&self, name: &str, version: u32) -> Option<&TaskSpec> {
        let spec = Box::leak(Box::new(TaskSpec{name: Box::leak(name.to_owned().into_boxed_str()), version, help:"", inputs:&[]}));
        self.0.lock().unwrap().push(spec);
        Some(spec)
    }
    fn tasks(&self) -> Vec<&TaskSpec> { vec![] }
}
fn walk(dir:&std::path::Path, out:&mut Vec<std::path::PathBuf>){ for e in std::fs::read_dir(dir).unwrap(){ let p=e.unwrap().path(); if p.is_dir(){walk(&p,out)} else if p.extension().is_some_and(|x| x=="yml"||x=="yaml"){out.push(p)} } }
fn main(){
    let root = std::path::Path::new("/work/shared/corpus/pipelines");
    let index = std::fs::read_to_string("/work/shared/corpus/index.tsv").unwrap();
    let entries: std::collections::HashSet<String> = index.lines().map(|l| l.split('\t').collect::<Vec<_>>()).filter(|c| c[3]=="entry").map(|c| format!("{}/{}", c[0].replace('/', "__"), c[1])).collect();
    let mut files=vec![]; walk(root,&mut files); files.sort();
    let all = All(Default::default());
    let verbose = std::env::args().nth(1);
    let (mut ok, mut only_nys, mut other, mut slow)=(0,0,0,0u128);
    let mut codes: BTreeMap<(bool,String),usize> = BTreeMap::new();
    for f in &files {
        let rel = f.strip_prefix(root).unwrap().display().to_string();
        let entry = entries.contains(&rel);
        let text = String::from_utf8_lossy(&std::fs::read(f).unwrap()).into_owned();
        let t = std::time::Instant::now();
        let l = load(&rel, &text, &LoadRequest::default(), &all);
        slow = slow.max(t.elapsed().as_millis());
        // cut files too
        for (at,_) in text.char_indices().step_by(211) { let _ = load(&rel, &text[..at], &LoadRequest::default(), &all); }
        if !entry { continue }
        let errs: Vec<_> = l.diagnostics.iter().filter(|d| d.severity==diagnostic::Severity::Error).collect();
        if errs.is_empty() { ok+=1; assert!(l.plan.is_some()) } else if errs.iter().all(|d| d.code=="not_supported_yet") { only_nys+=1 } else { other+=1 }
        for d in &errs { *codes.entry((entry,d.code.clone())).or_default()+=1; if verbose.is_some() && d.code!="not_supported_yet" { println!("{} [{}] {}", d.to_line(), d.code, d.hint.clone().unwrap_or_default()); } }
    }
    println!("files {} entries ok {ok} only-not-yet {only_nys} other {other}; slowest {slow} ms; {codes:?}", files.len());
}
