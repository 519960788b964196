"""The house without its business: transactions, events, access rules, lists, jobs, storage, cryptography, design.

Nothing here knows what a resource or a case is. Contexts build on it; it imports only `kernel`.
"""
