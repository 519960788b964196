"""Template tags of `catalog`."""
