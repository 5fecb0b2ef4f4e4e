"""The launcher's commands: know everything, and nothing knows them."""
