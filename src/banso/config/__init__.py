"""Settings, addresses and servers: knows every room, has no models."""
