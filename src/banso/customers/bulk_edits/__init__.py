"""One change of many customers: chosen, looked at first, done in batches, undone for 30 days."""
