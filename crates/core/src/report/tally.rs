//! Counts by name, and newest entries, both bounded: a log may name any number of things.

use std::collections::{BTreeMap, VecDeque};

/// How many names a tally tells apart.
const MOST_NAMES: usize = 500;

/// Counts by name. Names beyond the first 500 are counted together.
#[derive(Clone, Debug, Default)]
pub struct Tally<T> {
    named: BTreeMap<String, T>,
    others: Option<T>,
}

impl<T: Default> Tally<T> {
    /// The count of that name.
    pub fn of(&mut self, name: &str) -> &mut T {
        if !self.named.contains_key(name) {
            if self.named.len() >= MOST_NAMES {
                return self.others.get_or_insert_default();
            }
            self.named.insert(name.to_owned(), T::default());
        }
        self.named.entry(name.to_owned()).or_default()
    }

    /// Names with their counts, the largest by `size` first, those counted together last and without a name.
    pub fn sorted(&self, size: impl Fn(&T) -> u64) -> Vec<(Option<&str>, &T)> {
        let mut list: Vec<_> = self.named.iter().map(|(name, count)| (Some(name.as_str()), count)).collect();
        list.sort_by_key(|(name, count)| (std::cmp::Reverse(size(count)), *name));
        list.extend(self.others.as_ref().map(|count| (None, count)));
        list
    }
}

/// The newest of many entries, and how many there were.
#[derive(Clone, Debug)]
pub struct NewestEntries<T> {
    kept: VecDeque<T>,
    room: usize,
    total: u64,
}

impl<T> NewestEntries<T> {
    /// A list that keeps that many.
    pub fn new(room: usize) -> Self {
        Self { kept: VecDeque::new(), room, total: 0 }
    }

    /// Adds the next one.
    pub fn push(&mut self, entry: T) {
        self.total += 1;
        if self.kept.len() == self.room {
            self.kept.pop_front();
        }
        self.kept.push_back(entry);
    }

    /// How many there were.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Those kept, newest first.
    pub fn newest_first(&self) -> impl ExactSizeIterator<Item = &T> {
        self.kept.iter().rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_limit_are_counted_together() {
        let mut tally = Tally::<u64>::default();
        for n in 0..MOST_NAMES + 7 {
            *tally.of(&format!("name {n:04}")) += 1;
        }
        *tally.of("name 0003") += 1;
        let list = tally.sorted(|count| *count);
        assert_eq!(list.len(), MOST_NAMES + 1);
        assert_eq!((list[0], list[MOST_NAMES]), ((Some("name 0003"), &2), (None, &7)));
    }

    #[test]
    fn the_newest_are_kept() {
        let mut newest = NewestEntries::new(3);
        (0..5).for_each(|n| newest.push(n));
        assert_eq!((newest.total(), newest.newest_first().copied().collect::<Vec<_>>()), (5, vec![4, 3, 2]));
    }
}
