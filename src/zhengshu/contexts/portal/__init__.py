"""The context `portal`."""
