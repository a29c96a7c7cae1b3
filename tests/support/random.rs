//! Moments that look random and can be repeated.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// xorshift64*: needs no library.
pub struct Random(u64);

impl Random {
    /// Begins at `SLIPWAY_SEED`, which repeats an earlier run, or anywhere; says where.
    #[expect(clippy::print_stdout, reason = "a failed run is repeated with it")]
    pub fn seeded() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let seed = std::env::var("SLIPWAY_SEED").ok().and_then(|text| text.parse().ok());
        let seed = seed.unwrap_or(now as u64 | 1);
        println!("SLIPWAY_SEED={seed} repeats these moments.");
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A time below a limit.
    pub fn below(&mut self, limit: Duration) -> Duration {
        let millis = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX).max(1);
        Duration::from_millis(self.number() % millis)
    }
}
