"""Pages of usage: a customer's, and those of the programs that send it."""
