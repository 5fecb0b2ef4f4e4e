"""Pure Python: nothing here knows Django or the database."""
