"""Kill, fill, cut and probe: promises of reliability and safety, attacked by programs.

A trial is a module with `run(dose: Dose) -> Report`; everything it prints stands in the report.
"""
