"""How much customers use the product: events, daily totals and windows over them."""
