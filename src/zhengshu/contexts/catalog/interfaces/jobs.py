"""Background jobs of `catalog`."""
