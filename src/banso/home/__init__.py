"""Pages where rooms meet: Today, search and navigation."""
