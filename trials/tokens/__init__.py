"""The parts of S4: each kind of secret that lets somebody in, and every way to misuse it."""
