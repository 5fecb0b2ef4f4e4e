"""The tracking API: the door at which the clients of Segment knock."""
