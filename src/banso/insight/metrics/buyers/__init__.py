"""Customers who buy without a contract, and what they are worth over their lifetime."""
