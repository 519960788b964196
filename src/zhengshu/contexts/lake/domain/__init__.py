"""Pure rules and frozen types of `lake`."""
