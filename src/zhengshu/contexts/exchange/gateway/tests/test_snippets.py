"""What the developer's page shows works when pasted."""

import subprocess
import sys

import pytest

from zhengshu.contexts.exchange.domain.snippets import CallFacts, curl_script, python_lines, sample_key
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk

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


def pasted(command: list[str], text: str) -> str:
    return subprocess.run([*command, text], capture_output=True, check=True, text=True, timeout=30).stdout


class TestSnippets:
    @pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3"])
    def test_three_lines_of_python(self, desk: Desk, algorithm: str) -> None:
        assert pasted([sys.executable, "-c"], python_lines(facts(desk, algorithm=algorithm))) == "()\n"

    @pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3"])
    @pytest.mark.parametrize("case", ["", "YZ-20260302-0001", "许可〔2026〕3号"])
    def test_curl_with_openssl(self, desk: Desk, algorithm: str, case: str) -> None:
        answer = pasted(["sh", "-c"], curl_script(facts(desk, algorithm=algorithm, case=case)))

        assert '"rows":[]' in answer

    @pytest.mark.article("809", 25)
    def test_they_fail_where_the_purpose_is_another(self, desk: Desk) -> None:
        answer = pasted(["sh", "-c"], curl_script(facts(desk, purpose="statistics")))

        assert "exchange.purpose-not-granted" in answer
