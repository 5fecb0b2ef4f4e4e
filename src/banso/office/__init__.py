"""How our own side runs."""
