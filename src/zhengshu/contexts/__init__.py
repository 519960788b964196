"""The rooms of the house; each may call only those below it, by their `api`."""
