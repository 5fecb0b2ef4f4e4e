"""What was reported, or known, beside what the ledger says now, down to the lines that moved it."""
