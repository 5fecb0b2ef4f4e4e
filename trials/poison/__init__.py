"""The doors of the trial of poison."""
