//! Signing in and asking Azure Resource Manager, against a double on loopback that answers in the documented shapes.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly in its helpers too")]

mod clusters;
mod double;
mod signing_in;
