"""Readers: each kind of file becomes chunks of text columns with their line numbers, in constant memory."""
