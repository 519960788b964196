"""Background jobs of `casework`."""
