"""Signing in elsewhere with an account of ours: use cases of the OpenID provider."""
