"""Background jobs of `portal`."""
