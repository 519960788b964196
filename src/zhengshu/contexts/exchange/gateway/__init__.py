"""The gateway: the data plane of the exchange, a program of its own beside `interfaces`.

A call is signed (RFC 9421), judged by the terms of a grant that is held in memory, answered from a serving table
of the lake with its masks applied — and only after its record is on disk. The program imports `kernel`,
`foundation.crypto` and `exchange.domain`, and nothing of Django. It keeps no state that cannot be rebuilt.
"""
