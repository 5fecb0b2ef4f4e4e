"""What makes a figure: the ledger read as columns, its rows cut into parts, their sums. Loads numpy;
pages and programs come in by `answers`.
"""
