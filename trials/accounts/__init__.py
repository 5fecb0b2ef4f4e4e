"""The parts of S11: links by mail, redirections, guesses, timing and the end of rights."""
