"""Pure rules and frozen types of `catalog`."""
