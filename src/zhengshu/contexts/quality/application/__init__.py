"""Use cases of `quality`."""
