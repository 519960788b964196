"""Use cases of `casework`, one module each."""
