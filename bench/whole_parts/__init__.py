"""The parts of `bench start` and `bench memory`."""
