"""The import engine: files in, rows of declared tables out, told line by line and undone whole.

Rooms declare what can be imported in their `imports.py`; the engine knows none of them.
"""
