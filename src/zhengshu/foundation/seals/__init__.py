"""Seals on documents: what is signed, how it is written into a file, and how anybody checks it.

`structures` and `stamps` are the seal and its signature by GB/T 38540 (SM2, SM3), `timestamps` speaks RFC 3161,
`revocations` lists certificates that were taken back. `typesetting` makes PDF/A of a text, `pdf_signing` seals it
(PAdES), `ofd_writing` and `ofd_sealing` do the same in OFD (GB/T 33190). `checking` reads either, distrusts it, and
returns `findings`. No tables and no settings here: keys, roots and clocks come from outside.
"""
