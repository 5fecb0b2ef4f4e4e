"""What S20 sends: odd strings, bodies made from the API's own document, events of no product."""
