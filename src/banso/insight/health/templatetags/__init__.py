"""Tags of the health room."""
