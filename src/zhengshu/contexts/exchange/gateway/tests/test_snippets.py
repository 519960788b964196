"""What the developer's page shows works when pasted."""

import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from asn1crypto import pem

from zhengshu.contexts.exchange.domain.snippets import CallFacts, curl_script, python_lines, sample_key
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk
from zhengshu.foundation.crypto.sm2 import Sm2PrivateKey

CITIZEN = "citizen_id"


def facts(
    desk: Desk, *, algorithm: str = "hmac-sha256", case: str = "", purpose: str = "social_assistance"
) -> CallFacts:
    key = (
        desk.key if algorithm == desk.key.algorithm else desk.office.key(algorithm=algorithm, owner=desk.key)
    )
    return CallFacts(
        url=desk.url,
        key_id=key.key_id,
        secret=key.secret,
        algorithm=algorithm,
        resource=desk.granted.resource,
        purpose=purpose,
        key=sample_key({CITIZEN: "text"}),
        case=case,
    )


def pasted(command: list[str], text: str, *, folder: Path | None = None) -> str:
    done = subprocess.run(
        [*command, text], capture_output=True, check=True, text=True, timeout=30, cwd=folder
    )
    return done.stdout


class TestSnippets:
    @pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3", "sm2-sm3"])
    def test_three_lines_of_python(self, desk: Desk, algorithm: str) -> None:
        assert pasted([sys.executable, "-c"], python_lines(facts(desk, algorithm=algorithm))) == "()\n"

    @pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3"])
    @pytest.mark.parametrize("case", ["", "YZ-20260302-0001", "许可〔2026〕3号"])
    def test_curl_with_openssl(self, desk: Desk, algorithm: str, case: str) -> None:
        answer = pasted(["sh", "-c"], curl_script(facts(desk, algorithm=algorithm, case=case)))

        assert '"rows":[]' in answer

    def test_curl_with_openssl_and_an_sm2_key(self, desk: Desk, tmp_path: Path) -> None:
        given = facts(desk, algorithm="sm2-sm3")
        key = Sm2PrivateKey.from_scalar(b64decode(given.secret))
        (tmp_path / "private-key.pem").write_bytes(pem.armor("PRIVATE KEY", key.pkcs8))

        for _ in range(3):
            answer = pasted(["sh", "-c"], curl_script(given), folder=tmp_path)
            assert '"rows":[]' in answer

    @pytest.mark.article("809", 25)
    def test_they_fail_where_the_purpose_is_another(self, desk: Desk) -> None:
        answer = pasted(["sh", "-c"], curl_script(facts(desk, purpose="statistics")))

        assert "exchange.purpose-not-granted" in answer
