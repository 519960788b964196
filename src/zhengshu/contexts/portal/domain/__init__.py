"""Pure rules and frozen types of `portal`."""
