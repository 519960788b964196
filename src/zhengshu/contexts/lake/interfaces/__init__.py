"""The thin edges of `lake`: pages, API, jobs, commands."""
