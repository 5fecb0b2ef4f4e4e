"""What S22 plants, and where it goes."""
