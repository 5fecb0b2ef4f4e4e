"""The official clients of Segment, run against the served program."""
