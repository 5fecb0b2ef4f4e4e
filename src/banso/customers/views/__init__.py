"""Pages of the customer book."""
