"""The parts of `bench import`."""
