"""Rules as content, and what they mean: pure, and the reference that every engine is held to."""
