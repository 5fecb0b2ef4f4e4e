"""Forms of the customer book: what people type, read generously and checked in words."""
