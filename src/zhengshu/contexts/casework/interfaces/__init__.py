"""The thin edges of `casework`: pages, API, jobs, commands."""
