"""Use cases of `lake`, one module each."""
