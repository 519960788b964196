"""Template tags of `services`."""
