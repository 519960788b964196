"""Use cases of `portal`, one module each."""
