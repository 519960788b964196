"""Filling in forms: drafts, saving page by page, sending exactly once."""
