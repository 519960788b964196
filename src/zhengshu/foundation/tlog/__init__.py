"""Transparency logs as strangers verify them: Merkle trees (RFC 6962), tiles, signed notes and proofs (C2SP).

Pure and free of Django, because the client, the verifier and the witness use it too. Specifications: C2SP
`tlog-tiles`, `tlog-checkpoint`, `signed-note`, `tlog-proof`; RFC 6962, section 2.1.
"""
