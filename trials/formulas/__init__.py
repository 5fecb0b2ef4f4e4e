"""The parts of the trial of formulas."""
