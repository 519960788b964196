"""The context `casework`."""
