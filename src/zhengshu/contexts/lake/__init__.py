"""The context `lake`."""
