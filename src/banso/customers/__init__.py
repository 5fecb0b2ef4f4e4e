"""Customers, contacts, contracts, products, lifecycle, segments and the timeline."""
