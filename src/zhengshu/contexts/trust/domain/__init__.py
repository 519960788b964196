"""Pure rules and frozen types of `trust`."""
