"""Use cases of `catalog`, one module each."""
