"""Use cases of `services`."""
