"""Pure rules and frozen types of `casework`."""
