"""Two customers, or two contacts, that are the same: merged, and taken apart again."""
