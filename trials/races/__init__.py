"""Hands that work on the same few rows at once, and what must be true of their story."""
