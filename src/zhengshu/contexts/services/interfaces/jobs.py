"""Background jobs of `services`."""
