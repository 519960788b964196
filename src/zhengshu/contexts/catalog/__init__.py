"""The context `catalog`."""
