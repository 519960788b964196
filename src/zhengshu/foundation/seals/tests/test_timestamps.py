import subprocess
from pathlib import Path

import pytest
from asn1crypto import tsp

from zhengshu.foundation.seals.ofd_sealing import seal_ofd
from zhengshu.foundation.seals.ofd_writing import write_ofd
from zhengshu.foundation.seals.pdf_sealing import seal_pdf
from zhengshu.foundation.seals.tests.makers import NOW, P256, TEXT, Authority
from zhengshu.foundation.seals.timestamps import (
    Office,
    TimestampAuthority,
    TimestampRefused,
    TimestampWrong,
    _Answer,
    granted,
    obtain,
    read_token,
    request_for,
)
from zhengshu.foundation.seals.typesetting import typeset

MESSAGE = b"a signature"


class TestTimestamps:
    @pytest.mark.parametrize("digest", ["sm3", "sha-256"])
    def test_say_when_a_message_was_seen(self, authority: Authority, digest: str) -> None:
        token = obtain(MESSAGE, digest=digest, ask=authority.stamper().answer)

        assert read_token(token, message=MESSAGE).at == NOW
        with pytest.raises(TimestampWrong, match="something else"):
            read_token(token, message=MESSAGE + b"x")

    @pytest.mark.parametrize("digest", ["sm3", "sha-256"])
    def test_are_refused_with_a_time_that_was_changed(self, authority: Authority, digest: str) -> None:
        token = obtain(MESSAGE, digest=digest, ask=authority.stamper().answer)
        forged = token.replace(b"20261128080000Z", b"20251128080000Z")

        assert forged != token
        with pytest.raises(TimestampWrong):
            read_token(forged, message=MESSAGE)

    def test_are_refused_from_a_certificate_that_is_not_for_them(self, authority: Authority) -> None:
        stamper = TimestampAuthority({P256: Office(*authority.issue("某人", P256))}, clock=lambda: NOW)

        with pytest.raises(TimestampRefused, match="not for timestamps"):
            obtain(MESSAGE, digest="sha-256", ask=stamper.answer)

    def test_of_another_request_are_refused(self, authority: Authority) -> None:
        other = authority.stamper().answer(request_for(MESSAGE, digest="sm3")[0])

        with pytest.raises(TimestampRefused, match="another request"):
            obtain(MESSAGE, digest="sm3", ask=lambda _: other)

    @pytest.mark.parametrize("digest", ["sm3", "sha-256"])
    def test_have_no_length_that_the_reader_takes_for_endless(
        self, authority: Authority, digest: str
    ) -> None:
        stamper = authority.stamper()
        tokens = [granted(stamper.answer(request_for(MESSAGE, digest=digest)[0])) for _ in range(20)]

        for token in tokens:
            assert (token[0], token[15], token[19]) == (0x30, 0xA0, 0x30)
            assert 0x80 not in (token[3], token[18], token[22])

    def test_an_unknown_digest_and_junk_get_an_answer_that_says_no(self, authority: Authority) -> None:
        request = tsp.TimeStampReq.load(request_for(MESSAGE, digest="sha-256")[0])
        request["message_imprint"] = {"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"1" * 20}
        answers = [authority.stamper().answer(one) for one in (request.dump(force=True), b"junk", b"")]

        said = [_Answer.load(one)["status"]["fail_info"].native for one in answers]
        assert said == [{"bad_alg"}, {"bad_data_format"}, {"bad_data_format"}]

    def test_openssl_accepts_one(self, authority: Authority, tmp_path: Path) -> None:
        (tmp_path / "answer").write_bytes(
            authority.stamper().answer(request_for(MESSAGE, digest="sha-256")[0])
        )
        (tmp_path / "root.pem").write_text(authority.roots[P256].pem)
        (tmp_path / "message").write_bytes(MESSAGE)
        (tmp_path / "other").write_bytes(MESSAGE + b"x")
        command = [
            "openssl",
            "ts",
            "-verify",
            "-in",
            "answer",
            "-CAfile",
            "root.pem",
            "-attime",
            str(int(NOW.timestamp())),
        ]

        right = subprocess.run([*command, "-data", "message"], cwd=tmp_path, capture_output=True, check=False)
        wrong = subprocess.run([*command, "-data", "other"], cwd=tmp_path, capture_output=True, check=False)

        assert right.returncode == 0, right.stderr
        assert wrong.returncode != 0

    def test_without_one_nothing_is_sealed(self, authority: Authority) -> None:
        text, plain = typeset(TEXT), write_ofd(TEXT)
        refusing = TimestampAuthority({}, clock=lambda: NOW).answer

        with pytest.raises(TimestampRefused, match="refused"):
            seal_pdf(text.pdf, place=text.place, seal=authority.pdf_seal(), reason="", ask=refusing)
        with pytest.raises(TimestampRefused, match="refused"):
            seal_ofd(plain.ofd, place=plain.place, seal=authority.ofd_seal(), ask=refusing, at=NOW)
