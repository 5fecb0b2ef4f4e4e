"""The halves of `bench ingest`."""
