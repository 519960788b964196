"""The context `exchange`."""
