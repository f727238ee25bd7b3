"""Full-text search over cases: a row of text for each, kept in step with the chain of events."""
