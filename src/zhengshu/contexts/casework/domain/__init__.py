"""Decisions about cases as pure functions: the flow's language, the checker, the clocks, who may do what."""
