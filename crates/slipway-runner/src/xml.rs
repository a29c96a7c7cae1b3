//! Reads XML that other tools wrote, also when it is damaged: what stands before the damage counts.
//!
//! Called by `results` and `coverage`. Entities of a document's own are not expanded, so that a small file
//! cannot become a large one. Deliberately not here: what the elements mean.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// An element's start.
pub(crate) struct Tag<'a>(&'a BytesStart<'a>);

impl Tag<'_> {
    /// Its name without a namespace.
    pub(crate) fn name(&self) -> String {
        self.0.local_name().as_ref().to_owned()
    }

    /// The attribute of this name.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.attributes().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A number; `None` if it is not there or none.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.trim().parse().ok()
    }

    fn attributes(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let mut attributes = self.0.attributes();
        // A name that is written twice is no reason to refuse a file.
        attributes.with_checks(false);
        attributes.flatten().map(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value =
                value.map_or_else(|_| attribute.value.to_string(), |text| text.into_owned());
            (attribute.key.local_name().as_ref().to_owned(), value)
        })
    }
}

/// What a document consists of.
pub(crate) enum Part<'a> {
    Open(&'a Tag<'a>),
    Text(&'a str),
    /// True if the document had it; false if the document ended before.
    Close(bool),
}

/// The text of a file in the encodings that tools write.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    let wide = |little: bool| {
        let units = bytes[2..].chunks_exact(2).map(|pair| {
            let pair = [pair[0], pair[1]];
            if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
        });
        char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(true),
        [0xfe, 0xff, ..] => wide(false),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Reads a document; answers what had to be mended. An error means that there is no element in it.
pub(crate) fn read(text: &str, each: &mut dyn FnMut(Part<'_>)) -> Result<Option<String>, String> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut open: Vec<String> = Vec::new();
    let mut has_element = false;
    let damage = loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(text.len());
                let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                break Some(format!("line {line}: {error}"));
            }
        };
        match event {
            Event::Start(start) => {
                has_element = true;
                let tag = Tag(&start);
                open.push(tag.name());
                each(Part::Open(&tag));
            }
            Event::Empty(start) => {
                has_element = true;
                each(Part::Open(&Tag(&start)));
                each(Part::Close(true));
            }
            Event::End(end) => {
                let name = end.local_name();
                // An end that nothing began is overlooked; one of an outer element ends the inner ones.
                if let Some(at) = open.iter().rposition(|known| known == name.as_ref()) {
                    for _ in at..open.len() {
                        each(Part::Close(true));
                    }
                    open.truncate(at);
                }
            }
            Event::Text(text) => each(Part::Text(&text)),
            Event::CData(text) => each(Part::Text(&text)),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(char)) => each(Part::Text(char.encode_utf8(&mut [0; 4]))),
                _ => each(Part::Text(match &*reference {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    _ => "\u{fffd}",
                })),
            },
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => break open.last().map(|name| format!("it ends within <{name}>")),
        }
    };
    for _ in &open {
        each(Part::Close(false));
    }
    match damage {
        Some(damage) if !has_element => Err(damage),
        None if !has_element => Err("there is no element in it".to_owned()),
        damage => Ok(damage),
    }
}

/// So much of an element's text is kept.
const MOST_TEXT: usize = 64 * 1024;

/// An element with all that is in it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    pub(crate) text: String,
    /// False if the document ended within it.
    pub(crate) is_whole: bool,
}

impl Element {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let named = |(known, _): &&(String, String)| known == name;
        self.attributes.iter().find(named).map(|(_, value)| value.as_str())
    }

    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first element of this name, however deep.
    pub(crate) fn below(&self, name: &str) -> Option<&Element> {
        self.children
            .iter()
            .find_map(|child| if child.name == name { Some(child) } else { child.below(name) })
    }

    /// The trimmed text, if there is any.
    pub(crate) fn words(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }
}

/// Reads a document into memory. The answer's children are its outermost elements.
pub(crate) fn tree(text: &str) -> Result<(Element, Option<String>), String> {
    let mut stack = vec![Element { is_whole: true, ..Element::default() }];
    let damage = read(text, &mut |part| match part {
        Part::Open(tag) => stack.push(Element {
            name: tag.name(),
            attributes: tag.attributes().collect(),
            ..Element::default()
        }),
        Part::Text(text) => {
            if let Some(top) = stack.last_mut()
                && top.text.len() < MOST_TEXT
            {
                top.text.push_str(cut(text, MOST_TEXT));
            }
        }
        Part::Close(is_whole) => {
            if stack.len() > 1
                && let Some(closed) = stack.pop()
                && let Some(top) = stack.last_mut()
            {
                top.children.push(Element { is_whole, ..closed });
            }
        }
    })?;
    Ok((stack.swap_remove(0), damage))
}

/// The beginning of a text, cut between two letters.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_costs_only_what_stands_behind_it() {
        let (root, damage) = tree("<a><b x='1'>t &lt; &#65; &who;</b><c").unwrap();
        let a = &root.children[0];
        assert_eq!((a.name.as_str(), a.is_whole), ("a", false), "a has no end");
        assert_eq!(a.children[0].text, "t < A \u{fffd}", "references are read or marked");
        assert_eq!(a.children[0].get("x"), Some("1"), "attributes too");
        assert!(damage.unwrap().contains("line 1"), "the place is told");
        let (root, damage) = tree("<a><b><c></b></x></a>").unwrap();
        assert_eq!((root.children.len(), damage), (1, None), "ends that do not fit are mended");
        for nothing in ["", "no xml", "<", "<!-- -->"] {
            assert!(tree(nothing).is_err(), "'{nothing}' has no element");
        }
    }

    #[test]
    fn other_encodings_are_read() {
        let wide: Vec<u8> = "\u{feff}<a>ü</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text_of(&wide), "<a>ü</a>", "UTF-16 as Visual Studio writes it");
        assert_eq!(text_of(b"\xef\xbb\xbf<a/>"), "<a/>", "a mark at the beginning");
        assert_eq!(text_of(b"<a>\xfc</a>"), "<a>\u{fffd}</a>", "what is no text at all");
    }
}
