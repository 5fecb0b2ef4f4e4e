"""The parts of `bench kpi`."""
