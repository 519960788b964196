"""Pure rules and frozen types of `exchange`."""
