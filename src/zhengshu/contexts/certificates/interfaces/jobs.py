"""Background jobs of `certificates`: the OFD follows by the outbox, nothing is scheduled."""
