"""The client of the exchange: signed calls to a gateway, in three lines.

    >>> from zhengshu.client import Client
    >>> client = Client("http://127.0.0.1:8001", key_id="…", secret="…")            # doctest: +SKIP
    >>> client.records("306001-00012", key={"code": "…"}, purpose="…").rows         # doctest: +SKIP

Stands alone: the standard library, and `cryptography` for signatures. docs/protocol.md describes what it does.
"""

from zhengshu.client.calls import CallRefused, Client, Records, Value, Verification
from zhengshu.client.journal import Journal, kept_call
from zhengshu.client.proofs import (
    EntryWrong,
    KeptCall,
    NoteWrong,
    ProofWrong,
    VerifiedReceipt,
    verify_promise,
    verify_receipt,
)
from zhengshu.client.signing import signed_headers

__all__ = [
    "CallRefused",
    "Client",
    "EntryWrong",
    "Journal",
    "KeptCall",
    "NoteWrong",
    "ProofWrong",
    "Records",
    "Value",
    "Verification",
    "VerifiedReceipt",
    "kept_call",
    "signed_headers",
    "verify_promise",
    "verify_receipt",
]
