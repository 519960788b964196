"""Use cases of `lake`, one module each; `reading` holds the readers of delivered files."""
