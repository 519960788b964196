"""The key vault: data keys by department and grade, and the columns that are encrypted by them.

A data key is random, wrapped under the master key and kept in a table; it is never changed or removed. New values are
encrypted by the newest version of their scope's key, old ones stay readable, and a job encrypts them anew.
"""
