"""Use cases of `trust`, one module each."""
