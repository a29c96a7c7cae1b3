//! Application Insights ingest, statistics, availability probe and charts
