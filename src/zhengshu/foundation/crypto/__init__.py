"""Cryptography of the platform: signatures of requests, digests of bodies, sealed secrets.

Built on `cryptography` (OpenSSL); nothing here is an algorithm of ours. Free of Django, because the
gateway uses it too.
"""
