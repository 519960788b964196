"""The thin edges of `catalog`: pages, API, jobs, commands."""
