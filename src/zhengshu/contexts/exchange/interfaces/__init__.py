"""The thin edges of `exchange`: pages, API, jobs, commands."""
