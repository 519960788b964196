"""What keeps the house in order: checks and message catalogues, run by `make lint`."""
