"""Use cases of `exchange`, one module each."""
