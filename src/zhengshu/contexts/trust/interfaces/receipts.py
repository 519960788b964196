"""Receipts explained to an auditor in plain words, for the page and for the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from zhengshu.client.proofs import (
    EntryWrong,
    KeptCall,
    NoteWrong,
    ProofWrong,
    VerifiedReceipt,
    answer_digest,
    verify_receipt,
)
from zhengshu.contexts.trust.application.log_keys import vkeys_at
from zhengshu.contexts.trust.application.log_sources import CALL
from zhengshu.contexts.trust.application.queries import departments
from zhengshu.contexts.trust.interfaces.event_names import name_of
from zhengshu.foundation.tlog.notes import Checkpoint, split
from zhengshu.foundation.tlog.receipts import Receipt
from zhengshu.foundation.ui.tags import moment

MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What a receipt proves, in the reader's language.

    Attributes:
        is_right: whether everything that could be checked holds.
        verdict: one sentence.
        why: what is wrong, where something is.
        facts: what was logged, label and value.
        proof: how it was checked, label and value.
    """

    is_right: bool
    verdict: str
    why: str = ""
    facts: Sequence[tuple[str, str]] = ()
    proof: Sequence[tuple[str, str]] = ()


def explained(
    text: str, *, vkeys: Sequence[str] = (), handovers: Sequence[str] = (), kept: KeptCall | None = None
) -> Explained:
    """Check a receipt and say what follows; without keys, against those that this installation had then.

    With keys given, nothing is asked of a database: departments are then shown by their codes.
    """
    try:
        found = verify_receipt(text, vkeys=vkeys or _own_vkeys(text), kept=kept, handovers=handovers)
    except (NoteWrong, ProofWrong, EntryWrong, UnicodeError) as fault:
        verdict = _("This receipt proves nothing: it was changed, or it belongs to another log.")
        return Explained(is_right=False, verdict=verdict, why=str(fault))
    names = {} if vkeys else {record.code: record.name for record in departments().values()}
    facts, proof = _facts(found, names=names), _proof(found)
    if found.is_of_kept_call is False:
        verdict = _("The receipt is genuine, but it is not about the request and answer that you kept.")
        return Explained(is_right=False, verdict=verdict, facts=facts, proof=proof)
    verdict = _("This receipt is genuine: what it says was logged and has not been changed since.")
    return Explained(is_right=True, verdict=verdict, facts=facts, proof=proof)


def told(
    text: str,
    *,
    vkeys: Sequence[str],
    handovers: Sequence[str] = (),
    request_digest: str,
    answer: bytes | None,
) -> tuple[bool, list[str]]:
    """Return whether a receipt holds, and the lines that say so on a terminal."""
    kept = None
    if request_digest:
        kept = KeptCall(
            receipt="",
            request_digest=bytes.fromhex(request_digest),
            answer_digest=None if answer is None else answer_digest(answer),
            promise="",
        )
    found = explained(text, vkeys=vkeys, handovers=handovers, kept=kept)
    lines = [found.verdict, *([found.why] if found.why else [])]
    return found.is_right, [*lines, *(f"  {label}: {value}" for label, value in (*found.facts, *found.proof))]


def kind_name(kind: str) -> str:
    """Return the name of a kind of entry."""
    return _("A call through the gateway") if kind == CALL else name_of(kind)


def _own_vkeys(text: str) -> tuple[str, ...]:
    checkpoint = Receipt.of_text(text).proof.checkpoint
    return vkeys_at(Checkpoint.of_text(split(checkpoint)[0]).size)


def _facts(found: VerifiedReceipt, *, names: Mapping[str, str]) -> list[tuple[str, str]]:
    facts = found.facts
    kind = str(facts.get("kind", ""))
    rows = [
        (_("What happened"), kind_name(kind)),
        (_("When"), _moment(str(facts.get("at", "")))),
    ]
    for key, label in (
        ("consumer", _("Caller")),
        ("provider", _("Provider")),
        ("department", _("Department")),
        ("resource", _("Resource")),
        ("operation", _("Operation")),
        ("purpose", _("Purpose")),
        ("verdict", _("Outcome")),
        ("rows", _("Rows")),
    ):
        value = facts.get(key)
        if value not in {None, ""}:
            rows.append((label, names.get(str(value), str(value))))
    fields = facts.get("fields")
    if isinstance(fields, list) and fields:
        rows.append((_("Fields"), ", ".join(str(field) for field in fields)))
    return rows


def _proof(found: VerifiedReceipt) -> list[tuple[str, str]]:
    rows = [
        (_("Log"), found.origin),
        (_("Entry"), _("number %(index)s of %(size)s") % {"index": found.index + 1, "size": found.size}),
        (_("Signed by"), ", ".join(sorted(found.signed_by))),
    ]
    if found.is_of_kept_call:
        rows.append((_("Request and answer"), _("are those that you kept")))
    return rows


def _moment(text: str) -> str:
    try:
        return moment(datetime.fromisoformat(text))
    except ValueError:
        return text
