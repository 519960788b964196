"""The context `trust`."""
