"""One figure as its pages tell it: over time, beside all others, and opened to its rows."""
