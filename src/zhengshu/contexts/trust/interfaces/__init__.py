"""The thin edges of `trust`: pages, API, jobs, commands."""
