"""A call, its promise, its entry in the log and its receipt: what a stranger can verify, and what he cannot be sold."""

import os
import random
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from tests.kit.gateway import PURPOSE, GatewayProcess, Granted, Office, person

from zhengshu.client import (
    CallRefused,
    Client,
    EntryWrong,
    KeptCall,
    NoteWrong,
    ProofWrong,
    verify_promise,
    verify_receipt,
)
from zhengshu.contexts.exchange.gateway.tests.calling import get
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk
from zhengshu.contexts.exchange.gateway.tests.test_call_records import provider_key
from zhengshu.foundation.tlog.keys import log_vkeys, promise_vkey

ORIGIN = "city.example/log"
KEY = {"citizen_id": str(person(7)["citizen_id"])}


@pytest.fixture(scope="module")
def log_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        "ZHENGSHU_PROOF_LOG": str(tmp_path_factory.mktemp("log")),
        "ZHENGSHU_PROOF_LOG_ORIGIN": ORIGIN,
        "ZHENGSHU_GATEWAY_PROMISE_SECONDS": "60",
    }


@pytest.fixture(scope="module")
def logging_gateway(office: Office, log_settings: dict[str, str]) -> Iterator[GatewayProcess]:
    process = GatewayProcess.start(office.url, environment=log_settings)
    yield process
    assert process.stop() == 0


@pytest.fixture
def place(desk: Desk, logging_gateway: GatewayProcess) -> Desk:
    assert logging_gateway.catches_up()
    return replace(desk, url=logging_gateway.url)


@pytest.fixture(scope="module")
def proven(
    office: Office, view: str, logging_gateway: GatewayProcess, log_settings: dict[str, str]
) -> "Proven":
    """One call that is in the log, with its receipt; most tests need no more."""
    key = office.key()
    granted = office.grant(key, view=view)
    assert logging_gateway.catches_up()
    client = key.client(logging_gateway.url)
    kept = client.records(granted.resource, key=KEY, purpose=PURPOSE, fields=["name"]).kept
    run_sequencer(office, log_settings)
    return Proven(granted, kept, client.proof(kept.receipt))


@dataclass(frozen=True, slots=True)
class Proven:
    granted: Granted
    kept: KeptCall
    text: str


def run_sequencer(office: Office, log_settings: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "zhengshu.project.cli", "sequencer", "--once"],
        env={**os.environ, "DATABASE_URL": office.url, **log_settings},
        check=True,
        capture_output=True,
    )


def flipped(text: str) -> Iterator[str]:
    """Every receipt in which one character of one line is another."""
    for number, line in enumerate(lines := text.split("\n")):
        if line:
            place = len(line) // 2
            other = "A" if line[place] != "A" else "B"
            changed = [*lines[:number], line[:place] + other + line[place + 1 :], *lines[number + 1 :]]
            yield "\n".join(changed)


class TestPromise:
    def test_is_signed_over_request_and_answer(self, place: Desk) -> None:
        kept = place.key.client(place.url).records(place.granted.resource, key=KEY, purpose=PURPOSE).kept

        promise = verify_promise(kept, vkey=promise_vkey(ORIGIN))

        assert 0 < promise.by - time.time() <= 60
        for changed in (
            replace(kept, answer_digest=bytes(32)),
            replace(kept, request_digest=bytes(32)),
            replace(kept, receipt="another"),
            replace(kept, promise=kept.promise.replace("by=", "by=1")),
        ):
            with pytest.raises(NoteWrong):
                verify_promise(changed, vkey=promise_vkey(ORIGIN))

    def test_is_made_for_a_refused_call_too(self, place: Desk) -> None:
        with pytest.raises(CallRefused) as refused:
            place.key.client(place.url).records(place.granted.resource, key=KEY, purpose="statistics")

        assert verify_promise(refused.value.kept, vkey=promise_vkey(ORIGIN)).answer_digest is None


class TestReceipt:
    def test_proves_the_call_to_a_stranger(self, proven: Proven) -> None:
        ed25519, sm2 = (
            verify_receipt(proven.text, vkeys=[vkey], kept=proven.kept) for vkey in log_vkeys(ORIGIN)
        )

        assert ed25519 == sm2
        assert ed25519.is_of_kept_call
        assert (ed25519.origin, ed25519.signed_by) == (ORIGIN, frozenset({ORIGIN}))
        facts = dict(ed25519.facts)
        del facts["at"], facts["commitment"], facts["consumer"], facts["provider"]
        assert facts == {
            "v": 1,
            "kind": "call",
            "grant": str(proven.granted.id),
            "resource": proven.granted.resource,
            "operation": "records",
            "purpose": PURPOSE,
            "verdict": "ok",
            "fields": ["name"],
            "rows": 1,
        }
        extra = b64decode(proven.text.split("\n")[1].removeprefix("extra ")).decode()
        assert KEY["citizen_id"] not in proven.text + extra

    def test_is_not_about_another_answer(self, proven: Proven) -> None:
        for changed in (
            replace(proven.kept, answer_digest=bytes(32)),
            replace(proven.kept, request_digest=bytes(32)),
        ):
            found = verify_receipt(proven.text, vkeys=log_vkeys(ORIGIN), kept=changed)
            assert found.is_of_kept_call is False

    def test_any_change_is_noticed(self, proven: Proven) -> None:
        true = verify_receipt(proven.text, vkeys=log_vkeys(ORIGIN)).facts
        for spoilt in flipped(proven.text):
            try:
                found = verify_receipt(spoilt, vkeys=log_vkeys(ORIGIN), kept=proven.kept)
            except (NoteWrong, ProofWrong, EntryWrong):
                continue
            # What is left is a line of a signature by a name or key that nobody knows, or the salt.
            assert dict(found.facts) == dict(true)

    def test_of_a_forger_is_refused(self, proven: Proven) -> None:
        extra = b64decode(proven.text.split("\n")[1].removeprefix("extra "))
        entry = b64decode(extra.split(b'"')[3])
        forged = extra.replace(b64encode(entry), b64encode(entry.replace(b'"rows":1', b'"rows":0')))
        text = proven.text.replace(b64encode(extra).decode(), b64encode(forged).decode())

        with pytest.raises(ProofWrong):
            verify_receipt(text, vkeys=log_vkeys(ORIGIN))
        with pytest.raises(NoteWrong):
            verify_receipt(proven.text, vkeys=log_vkeys("another.example/log"))

    def test_comes_when_the_log_has_it_and_to_both_sides_only(
        self, place: Desk, office: Office, log_settings: dict[str, str]
    ) -> None:
        receipt = (
            place.key.client(place.url).records(place.granted.resource, key=KEY, purpose=PURPOSE).receipt
        )
        address = f"/v1/receipts/{receipt}"

        early = get(place.url, address, place.key, accept="text/plain")
        run_sequencer(office, log_settings)
        answers = [
            get(place.url, address, key, accept="text/plain").status_code
            for key in (place.key, provider_key(place), office.key())
        ]

        assert (early.status_code, early.json()["code"]) == (503, "exchange.receipt-not-logged-yet")
        assert answers == [200, 200, 404]


class TestKilledSequencer:
    @pytest.mark.faults
    def test_leaves_no_gap_and_no_double(
        self, place: Desk, office: Office, log_settings: dict[str, str], tmp_path: Path
    ) -> None:
        client = place.key.client(place.url)
        receipts = []
        command = [sys.executable, "-m", "zhengshu.project.cli", "sequencer"]
        environment = {**os.environ, "DATABASE_URL": office.url, **log_settings}
        for _ in range(2):
            fresh = [client.records(place.granted.resource, key=KEY, purpose=PURPOSE).receipt]
            with (tmp_path / "log").open("ab") as out:
                process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
            while not _is_published(client, fresh[0]):
                fresh.append(client.records(place.granted.resource, key=KEY, purpose=PURPOSE).receipt)
            process.kill()
            process.wait()
            receipts += fresh
        run_sequencer(office, log_settings)

        shown = [receipts[0], *random.sample(receipts, k=min(20, len(receipts))), receipts[-1]]
        places = {one: verify_receipt(client.proof(one), vkeys=log_vkeys(ORIGIN)).index for one in shown}
        assert len(set(places.values())) == len(places)
        counted = office.run("SELECT count(*) AS n, max(index) AS last FROM trust_log_entry")
        assert counted[0]["n"] == int(str(counted[0]["last"])) + 1
        logged = (
            "SELECT count(*) AS n FROM exchange_call_record r JOIN trust_log_entry e ON e.source = r.sequence"
        )
        (found,) = office.run(
            f"{logged} AND e.kind = 'call' WHERE r.id = ANY (%s)", [UUID(one) for one in receipts]
        )
        assert found["n"] == len(receipts)


def _is_published(client: Client, receipt: str) -> bool:
    try:
        client.proof(receipt)
    except CallRefused:
        return False
    return True
