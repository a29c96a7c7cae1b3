//! The files that are read together: an arena that grows while templates are included.
//!
//! A file's [`SourceId`] is its position among the files of the load, the root file being 0. Texts
//! that are no files (a parameter given when a run is queued) are counted from [`FIRST_TEXT`].

use std::cell::RefCell;
use std::rc::Rc;

use crate::tree::{SourceId, SourceText};

const FIRST_TEXT: u16 = 0x8000;

/// The arena.
#[derive(Default)]
pub(crate) struct Sources {
    files: RefCell<Vec<Rc<SourceText>>>,
    texts: RefCell<Vec<Rc<SourceText>>>,
}

impl Sources {
    /// Takes a file.
    pub(crate) fn add_file(&self, name: &str, text: &str) -> Rc<SourceText> {
        add(&self.files, 0, name, text)
    }

    /// Takes a text that is no file.
    pub(crate) fn add_text(&self, name: &str, text: &str) -> Rc<SourceText> {
        add(&self.texts, FIRST_TEXT, name, text)
    }

    /// Names of the files, by number.
    pub(crate) fn file_names(&self) -> Vec<String> {
        self.files.borrow().iter().map(|file| file.name.clone()).collect()
    }

    pub(crate) fn get(&self, id: SourceId) -> Option<Rc<SourceText>> {
        match id.0.checked_sub(FIRST_TEXT) {
            Some(at) => self.texts.borrow().get(usize::from(at)).cloned(),
            None => self.files.borrow().get(usize::from(id.0)).cloned(),
        }
    }
}

fn add(list: &RefCell<Vec<Rc<SourceText>>>, first: u16, name: &str, text: &str) -> Rc<SourceText> {
    let mut list = list.borrow_mut();
    // Far fewer are ever read: the limits of files and of parameters come first.
    let number = u16::try_from(list.len()).unwrap_or(u16::MAX).min(FIRST_TEXT - 1);
    let source = Rc::new(SourceText::new(SourceId(first + number), name, text));
    list.push(Rc::clone(&source));
    source
}
