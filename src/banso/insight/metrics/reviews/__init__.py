"""Targets, quarterly reviews and the report of a month: promised, happened, why, and what next."""
