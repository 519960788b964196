"""Background jobs of `lake`."""
