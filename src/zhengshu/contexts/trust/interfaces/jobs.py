"""Background jobs of `trust`."""
