//! The same work on many things, several at a time.

use std::sync::atomic::{AtomicUsize, Ordering};

/// What `work` makes of each of `things`, in their order. At most `jobs` are under way at the same time, and at least one.
///
/// # Panics
/// When `work` does, after the others have ended.
pub fn each<T: Sync, R: Send>(things: &[T], jobs: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut made = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(thing) = things.get(at) else { return made };
            made.push((at, work(thing)));
        }
    };
    let mut made: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.clamp(1, things.len().max(1))).map(|_| scope.spawn(worker)).collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        ended.flat_map(|made| made.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_stays_whoever_is_first() {
        let things: Vec<u64> = (0..50).collect();
        for jobs in [0, 1, 4, 1000] {
            let made = each(&things, jobs, |thing| {
                std::thread::sleep(std::time::Duration::from_micros(50 * (thing % 5)));
                thing * 2
            });
            assert!(made.iter().zip(&things).all(|(made, thing)| *made == thing * 2) && made.len() == 50);
        }
        assert!(each(&[] as &[u64], 8, |thing| *thing).is_empty());
    }
}
