"""What pages ask for, read from their addresses, and what a workspace tells the figures."""
