"""Template tags of `casework`."""
