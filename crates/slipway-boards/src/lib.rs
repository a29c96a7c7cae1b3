//! Backlog words: mentions, states, and the rules between them
