"""What the facts mean: computes, never acts."""
