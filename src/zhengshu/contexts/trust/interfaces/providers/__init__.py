"""Signing in from elsewhere: buttons, answers, links, ends."""
