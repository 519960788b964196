"""The engine: all rules of a table in as few scans as possible, on DuckDB over files, in bounded memory.

Row rules become one query that yields words of bits; table rules become queries over hashed keys that may spill.
`domain.judging` says what the answers must be; the tests hold this engine to it, rule kind by rule kind.
"""
