"""The tracking API: what the clients of Segment send, read and understood."""
