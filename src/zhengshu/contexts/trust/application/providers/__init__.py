"""Signing in from elsewhere: other providers, and whose identity there is whose account here."""
