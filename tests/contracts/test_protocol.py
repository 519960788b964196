"""docs/protocol.md is right: its examples run against a real gateway, its vectors are what our code makes."""

import json
import os
import re
import subprocess
import sys
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kit.gateway import PURPOSE, person
from zhengshu.client import CallRefused, Client, signed_headers
from zhengshu.contexts.exchange.domain.refusals import BY_CODE
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk
from zhengshu.foundation.crypto.algorithms import Algorithm, signer, verifier
from zhengshu.foundation.crypto.http_signatures import read_signature, read_signature_input

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(?P<language>[a-z]+)(?: (?P<name>[a-z ]+))?\n(?P<text>.*?)\n```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Vector:
    """One test vector: its blocks by name."""

    title: str
    blocks: dict[str, str]

    @property
    def secret(self) -> str:
        return self.blocks["key"].split("(base64): ")[1].split("\n")[0]

    @property
    def signature_input(self) -> str:
        return self.blocks["signature"].split("\n")[0].removeprefix("Signature-Input: ")

    @property
    def signature(self) -> bytes:
        return read_signature(
            self.blocks["signature"].split("\n")[1].removeprefix("Signature: "), label="zhengshu"
        )


def vectors() -> list[Vector]:
    parts = PAGE.split("## Test vectors")[1].split("\n### ")[1:]
    return [
        Vector(part.splitlines()[0], {match["name"]: match["text"] for match in BLOCK.finditer(part)})
        for part in parts
    ]


def is_same(vector: Vector, signature: bytes) -> bool:
    """Whether a signature is that of the vector; SM2 draws a number for each, so there it must only be right."""
    algorithm = Algorithm(read_signature_input(vector.signature_input).algorithm)
    if algorithm is not Algorithm.SM2_SM3:
        return signature == vector.signature
    public = b64decode(vector.blocks["key"].rpartition("(base64): ")[2])
    return verifier(algorithm, public).is_right(vector.blocks["signature base"].encode(), signature)


def example(language: str) -> str:
    return next(match["text"] for match in BLOCK.finditer(PAGE) if match["language"] == language)


class TestVectors:
    def test_cover_every_algorithm(self) -> None:
        assert {read_signature_input(vector.signature_input).algorithm for vector in vectors()} == set(
            Algorithm
        )

    @pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.title)
    def test_are_what_the_client_signs(self, vector: Vector) -> None:
        head, _, body = vector.blocks["request"].partition("\n\n")
        lines = head.split("\n")
        method, target, _ = lines[0].split(" ")
        headers = dict(line.split(": ", 1) for line in lines[1:])
        signed = read_signature_input(vector.signature_input)
        case = {"%E4%BA%91%E6%94%BF%E8%AE%B8%E3%80%942026%E3%80%951%E5%8F%B7": "云政许〔2026〕1号"}
        scheme = "http" if ":" in headers["Host"] else "https"

        made = signed_headers(
            method,
            f"{scheme}://{headers['Host']}{target}",
            key_id=signed.key_id,
            secret=vector.secret,
            algorithm=signed.algorithm,
            body=body.encode(),
            purpose=headers.get("Zhengshu-Purpose", ""),
            case=case.get(headers.get("Zhengshu-Case", ""), ""),
            official=headers.get("Zhengshu-Official", ""),
            created=signed.created,
            nonce=signed.nonce,
        )

        assert made.pop("Signature-Input") == vector.signature_input
        signature = read_signature(made.pop("Signature"), label="zhengshu")
        assert is_same(vector, signature)
        assert made == {name: value for name, value in headers.items() if name != "Host"}

    @pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.title)
    def test_are_signatures_of_their_bases(self, vector: Vector) -> None:
        algorithm = Algorithm(read_signature_input(vector.signature_input).algorithm)
        public = vector.blocks["key"].rpartition("(base64): ")[2]
        base = vector.blocks["signature base"].encode()

        assert verifier(algorithm, b64decode(public)).is_right(base, vector.signature)
        assert is_same(vector, signer(algorithm, b64decode(vector.secret)).sign(base))


class TestExamples:
    def environment(self, desk: Desk) -> dict[str, str]:
        return {
            "GATEWAY": desk.url,
            "KEY_ID": desk.key.key_id,
            "SECRET": desk.key.secret,
            "RESOURCE": desk.granted.resource,
            "CITIZEN": str(person(7)["citizen_id"]),
            "PURPOSE": PURPOSE,
        }

    def test_python_runs(self, desk: Desk) -> None:
        names: dict[str, object] = dict(self.environment(desk))

        exec(compile(example("python"), "protocol.md", "exec"), names)  # noqa: S102 - our own page

        assert [row["born_on"] for row in names["answer"].rows] == ["1990-01-01"]  # type: ignore[attr-defined]

    def test_shell_runs(self, desk: Desk) -> None:
        environment = {**os.environ, **self.environment(desk)}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", example("bash")],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["rows"] == [{"name": "张**"}]

    def test_printed_curl_runs(self, desk: Desk) -> None:
        given = self.environment(desk)
        url = f"{desk.url}/v1/resources/{desk.granted.resource}/verify"
        body = json.dumps({"key": {"citizen_id": given["CITIZEN"]}, "values": {"name": "张三7"}})
        options = ["--key-id", given["KEY_ID"], "--purpose", PURPOSE, "--body", body]
        printed = subprocess.run(
            [sys.executable, "-m", "zhengshu.client", "POST", url, *options],
            input=given["SECRET"],
            capture_output=True,
            text=True,
            check=True,
        )
        answer = subprocess.run(["bash", "-c", printed.stdout], capture_output=True, text=True, check=True)

        assert json.loads(answer.stdout)["matches"] is True
        assert given["SECRET"] not in printed.stdout


class TestRefusals:
    def test_every_code_is_on_the_page_with_its_status(self) -> None:
        told = re.findall(r"^\| (\d{3}) \| `(exchange[a-z.-]+)` ", PAGE, re.MULTILINE)

        assert {code: int(status) for status, code in told} == {
            code: refusal.status for code, refusal in BY_CODE.items()
        }

    def test_carry_the_problem_document(self, desk: Desk) -> None:
        with pytest.raises(CallRefused) as refused:
            desk.key.client(desk.url).records(
                desk.granted.resource, key={"citizen_id": "1"}, fields=["amount"], purpose=PURPOSE
            )

        assert refused.value.document == {
            "type": "/docs/errors#exchange.field-not-granted",
            "title": "The field amount is not granted. Leave it out, or request it.",
            "status": 403,
            "code": "exchange.field-not-granted",
            "field": "amount",
        }
        assert refused.value.receipt


class TestClient:
    def test_refuses_a_secret_that_is_no_base64(self) -> None:
        with pytest.raises(ValueError, match="base64"):
            Client("http://127.0.0.1:1", "k", "not base64!").ping()
