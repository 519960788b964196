"""The edge of `services`: pages, API, commands, jobs."""
