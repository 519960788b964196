"""Pages, API, jobs and listeners of certificates."""
