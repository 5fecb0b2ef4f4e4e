"""A book of companies with known truth, and what is found in it."""
