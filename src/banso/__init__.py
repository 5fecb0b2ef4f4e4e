"""Banso: run beside every customer."""

__version__ = "0.1.0"
