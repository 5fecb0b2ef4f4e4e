"""Dashboards: what they show, and what was kept of them."""
