"""Pages of imports, by hand and by themselves."""
