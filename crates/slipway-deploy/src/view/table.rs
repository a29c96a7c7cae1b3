//! The rows of one watch: put, taken out, filtered, sorted, and shown a window at a time.
//!
//! Which rows a filter lets through, and in which order, is worked out once for each state of the table, so
//! that scrolling costs no more than the rows it shows. Deliberately not here: where rows come from.

use std::cmp::Ordering;
use std::collections::HashSet;

use indexmap::IndexMap;
use slipway_core::{KubeColumn, KubeRow, KubeRows, KubeWatchState};

use super::shape::Row;

/// Which rows are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowsWanted {
    /// Words that all must occur; one that begins with `!` must not.
    pub filter: String,
    /// A column's name, `Name` or `Namespace`, and whether the order is reversed.
    pub sort: Option<(String, bool)>,
    pub offset: usize,
    pub limit: usize,
}

/// The rows, and how their watch is doing.
pub(super) struct Table {
    pub(super) state: KubeWatchState,
    pub(super) problem: Option<String>,
    pub(super) columns: Vec<KubeColumn>,
    rows: IndexMap<Box<str>, Row>,
    /// Grows with each change of a row or of their columns.
    edition: u64,
    order: Option<Order>,
}

/// Positions of all rows, sorted.
struct Order {
    edition: u64,
    sort: Option<(String, bool)>,
    positions: Vec<usize>,
    matching: Option<Matching>,
}

/// Those of them that a filter lets through, in the same order.
struct Matching {
    filter: String,
    positions: Vec<usize>,
}

impl Table {
    pub(super) fn new(columns: Vec<KubeColumn>) -> Self {
        Self {
            state: KubeWatchState::Listing,
            problem: None,
            columns,
            rows: IndexMap::new(),
            edition: 0,
            order: None,
        }
    }

    pub(super) fn put(&mut self, row: Row) {
        self.edition += 1;
        self.rows.insert(row.uid.clone(), row);
    }

    pub(super) fn take(&mut self, uid: &str) {
        if self.rows.swap_remove(uid).is_some() {
            self.edition += 1;
        }
    }

    /// Keeps only what a new list has named.
    pub(super) fn keep_only(&mut self, named: &HashSet<Box<str>>) {
        let before = self.rows.len();
        self.rows.retain(|uid, _| named.contains(uid));
        if self.rows.len() != before {
            self.edition += 1;
        }
    }

    pub(super) fn set_columns(&mut self, columns: Vec<KubeColumn>) {
        if self.columns != columns {
            self.columns = columns;
            self.edition += 1;
        }
    }

    /// Drops everything, as nobody looks.
    pub(super) fn clear(&mut self) {
        self.rows = IndexMap::new();
        self.order = None;
        self.edition += 1;
        self.state = KubeWatchState::Listing;
    }

    pub(super) fn window(&mut self, wanted: &RowsWanted, version: u64) -> KubeRows {
        let is_fresh = |order: &Order| order.edition == self.edition && order.sort == wanted.sort;
        let order = match self.order.take().filter(is_fresh) {
            Some(order) => order,
            None => Order {
                edition: self.edition,
                sort: wanted.sort.clone(),
                positions: self.sorted(wanted.sort.as_ref()),
                matching: None,
            },
        };
        let order = self.order.insert(order);
        let matching = match order.matching.take() {
            Some(matching) if matching.filter == wanted.filter => matching,
            _ => {
                let passes = passes(&wanted.filter);
                let all = order.positions.iter().copied();
                let positions = all.filter(|at| passes(&self.rows[*at])).collect();
                Matching { filter: wanted.filter.clone(), positions }
            }
        };
        let positions = &order.matching.insert(matching).positions;
        let shown = positions.iter().skip(wanted.offset).take(wanted.limit);
        KubeRows {
            state: self.state,
            problem: self.problem.clone(),
            version,
            total: u32::try_from(self.rows.len()).unwrap_or(u32::MAX),
            matching: u32::try_from(positions.len()).unwrap_or(u32::MAX),
            columns: self.columns.clone(),
            rows: shown.map(|position| view(&self.rows[*position])).collect(),
        }
    }

    fn sorted(&self, sort: Option<&(String, bool)>) -> Vec<usize> {
        let by_name = |a: &Row, b: &Row| {
            (&a.namespace, &a.name, &a.uid).cmp(&(&b.namespace, &b.name, &b.uid))
        };
        let key = sort.and_then(|(name, _)| self.key(name));
        let is_descending = sort.is_some_and(|(_, is_descending)| *is_descending);
        let mut positions: Vec<usize> = (0..self.rows.len()).collect();
        positions.sort_unstable_by(|a, b| {
            let (a, b) = (&self.rows[*a], &self.rows[*b]);
            let order = key.as_ref().map_or(Ordering::Equal, |key| key.compare(a, b));
            let order = if is_descending { order.reverse() } else { order };
            order.then_with(|| by_name(a, b))
        });
        positions
    }

    fn key(&self, name: &str) -> Option<Key> {
        if let Some(at) = self.columns.iter().position(|column| column.name == name) {
            let column = &self.columns[at];
            let is_number = column.is_number || column.is_time;
            return Some(if is_number { Key::Number(at) } else { Key::Text(at) });
        }
        match name {
            "Name" => Some(Key::Name),
            "Namespace" => Some(Key::Namespace),
            _ => None,
        }
    }
}

/// Whether a row has every word of a filter, and none that must not be there.
fn passes(filter: &str) -> impl Fn(&Row) -> bool {
    let filter = filter.to_lowercase();
    let words: Vec<(String, bool)> = filter
        .split_whitespace()
        .map(|word| word.strip_prefix('!').map_or((word, true), |word| (word, false)))
        .filter(|(word, _)| !word.is_empty())
        .map(|(word, must)| (word.to_owned(), must))
        .collect();
    move |row| words.iter().all(|(word, must)| row.lower.contains(word.as_str()) == *must)
}

/// What rows are compared by.
enum Key {
    Name,
    Namespace,
    Number(usize),
    Text(usize),
}

impl Key {
    fn compare(&self, a: &Row, b: &Row) -> Ordering {
        fn cell(row: &Row, at: usize) -> &str {
            row.cells.get(at).map_or("", |cell| cell)
        }
        match self {
            Self::Name => a.name.cmp(&b.name),
            Self::Namespace => a.namespace.cmp(&b.namespace),
            Self::Number(at) => {
                let number = |row: &Row| cell(row, *at).parse::<f64>().unwrap_or(f64::MIN);
                number(a).total_cmp(&number(b))
            }
            Self::Text(at) => natural(cell(a, *at), cell(b, *at)),
        }
    }
}

/// Texts in the order that a reader expects: runs of digits count as numbers.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    loop {
        match (left.first(), right.first()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (x, more_left) = digits(left);
                let (y, more_right) = digits(right);
                let order = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (more_left, more_right);
            }
            (Some(x), Some(y)) => {
                let order = x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase());
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (&left[1..], &right[1..]);
            }
        }
    }
}

/// A number without leading zeros, and what follows it.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let start = text[..end].iter().position(|byte| *byte != b'0').unwrap_or(end);
    (&text[start..end], &text[end..])
}

fn view(row: &Row) -> KubeRow {
    KubeRow {
        uid: row.uid.to_string(),
        name: row.name.to_string(),
        namespace: row.namespace.to_string(),
        cells: row.cells.iter().map(|cell| cell.to_string()).collect(),
        state: row.state,
        created_at: row.created_at,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use slipway_core::KubeHealth;

    use super::super::shape::{Form, Meta};
    use super::*;

    fn table(rows: &[(&str, &str, &str)]) -> Table {
        let columns = vec![Form::Text.column("Status"), Form::Number.column("Restarts")];
        let mut table = Table::new(columns);
        for (name, status, restarts) in rows {
            let meta =
                Meta { uid: Cow::Borrowed(name), name: Cow::Borrowed(name), ..Meta::default() };
            let cells = vec![(*status).into(), (*restarts).into()];
            table.put(Row::new(&meta, cells, KubeHealth::Plain));
        }
        table
    }

    fn names(table: &mut Table, filter: &str, sort: Option<(&str, bool)>) -> Vec<String> {
        let wanted = RowsWanted {
            filter: filter.to_owned(),
            sort: sort.map(|(name, down)| (name.to_owned(), down)),
            offset: 0,
            limit: 10,
        };
        table.window(&wanted, 0).rows.into_iter().map(|row| row.name).collect()
    }

    #[test]
    fn every_word_must_occur_and_some_must_not() {
        let mut table =
            table(&[("web-1", "Running", "0"), ("web-2", "Error", "3"), ("db", "Running", "0")]);
        assert_eq!(names(&mut table, "WEB run", None), ["web-1"]);
        assert_eq!(names(&mut table, "!running", None), ["web-2"]);
        assert_eq!(names(&mut table, "", None), ["db", "web-1", "web-2"]);
    }

    #[test]
    fn numbers_are_sorted_as_numbers_and_ties_by_name() {
        let mut table = table(&[("b", "x", "10"), ("a", "x", "9"), ("c", "x", "9")]);
        assert_eq!(names(&mut table, "", Some(("Restarts", false))), ["a", "c", "b"]);
        assert_eq!(names(&mut table, "", Some(("Restarts", true))), ["b", "a", "c"]);
        assert_eq!(natural("v9", "v10"), Ordering::Less);
        assert_eq!(natural("a/01", "a/1"), Ordering::Equal);
    }

    #[test]
    fn a_change_is_seen_and_a_window_is_only_a_part() {
        let mut table = table(&[("a", "x", "1"), ("b", "x", "2"), ("c", "x", "3")]);
        let wanted = RowsWanted { offset: 1, limit: 1, ..RowsWanted::default() };
        let window = table.window(&wanted, 7);
        assert_eq!((window.total, window.matching, window.rows.len()), (3, 3, 1));
        assert_eq!(window.rows[0].name, "b");
        table.take("a");
        assert_eq!(table.window(&wanted, 8).rows[0].name, "c", "what was taken out is gone");
        table.keep_only(&HashSet::from([Box::from("b")]));
        assert_eq!(table.window(&wanted, 9).total, 1, "a new list says what there is");
    }
}
