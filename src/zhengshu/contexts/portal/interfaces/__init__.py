"""The thin edges of `portal`: pages, API, jobs, commands."""
