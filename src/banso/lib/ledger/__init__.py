"""The ledger of contracts as columns: what pays on which day, what moved, who stayed. Pure numpy.

Days are ordinals (`date.toordinal`), money is whole millionths of a minor unit, so that sums are
exact; customers, contracts, products and currencies are codes from 0 on.
"""
