//! Loopback HTTP: the page, its calls and events, and the telemetry endpoint
