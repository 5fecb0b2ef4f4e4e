"""Tasks and calls to action: what somebody is to do."""
