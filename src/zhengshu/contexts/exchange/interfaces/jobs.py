"""Background jobs of `exchange`."""
