//! Signing in and asking Azure Resource Manager, against a double on loopback that answers in the documented shapes.

mod clusters;
mod double;
mod signing_in;
