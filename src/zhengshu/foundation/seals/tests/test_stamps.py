import subprocess
from pathlib import Path

import gmssl_pyx
import pytest
from asn1crypto import core, keys

from zhengshu.foundation.crypto.certificates import Certificate
from zhengshu.foundation.crypto.digests import sm3
from zhengshu.foundation.seals.stamps import (
    SealKind,
    StampWrong,
    read_seal,
    read_stamp,
    sign_with_seal,
    value_of,
    with_timestamp,
)
from zhengshu.foundation.seals.structures import Seal, Signature
from zhengshu.foundation.seals.tests.makers import NOW, SM2, Authority, picture
from zhengshu.foundation.seals.timestamps import obtain, read_token

CONTENT = b"what is sealed"


@pytest.fixture(scope="module")
def stamp(authority: Authority) -> bytes:
    seal = authority.ofd_seal()
    signed = sign_with_seal(CONTENT, place="/a", seal=seal.seal, user=seal.user, key=seal.key, at=NOW)
    token = obtain(value_of(signed), digest="sm3", ask=authority.stamper().answer)
    return with_timestamp(signed, token)


class TestSeal:
    def test_says_what_its_maker_signed(self, authority: Authority) -> None:
        seal = read_seal(authority.ofd_seal().seal)

        assert (seal.kind, seal.name, seal.picture) == (SealKind.ORGAN, "临江市市场监督管理局", picture())
        assert seal.maker.subject["common_name"] == "制章中心"

    def test_is_refused_once_its_picture_was_swapped(self, authority: Authority) -> None:
        seal = authority.ofd_seal().seal
        swapped = seal.replace(picture(), picture()[:-1] + b"\x00")

        with pytest.raises(StampWrong, match="changed after its maker signed it"):
            read_seal(swapped)


class TestStamp:
    def test_says_what_was_sealed_by_whom_and_when(self, stamp: bytes) -> None:
        found = read_stamp(stamp)

        assert found.digest == sm3(CONTENT)
        assert found.place == "/a"
        assert found.claimed_at == NOW
        assert read_token(found.token, message=found.signature).at == NOW

    def test_is_refused_with_any_bit_of_its_signed_part_flipped(self, stamp: bytes) -> None:
        signed = len(Signature.load(stamp)["to_sign"].dump())
        for place in range(10, signed, max(1, signed // 300)):
            bent = bytearray(stamp)
            bent[place] ^= 1 << place % 8

            with pytest.raises(StampWrong):
                read_stamp(bytes(bent))

    def test_is_refused_when_made_with_a_key_that_the_seal_does_not_name(self, authority: Authority) -> None:
        seal = authority.ofd_seal()
        key, other = authority.issue("别人", SM2)
        signed = sign_with_seal(CONTENT, place="/a", seal=seal.seal, user=other, key=key, at=NOW)

        with pytest.raises(StampWrong, match="may not use this seal"):
            read_stamp(signed.dump())

    @pytest.mark.parametrize(
        "junk", [b"", b"\x30", b"\x30\x80\x00\x00", b"\x30\x03\x02\x01\x04", b"%PDF-1.7" * 99]
    )
    def test_junk_is_refused(self, junk: bytes) -> None:
        with pytest.raises(StampWrong):
            read_stamp(junk)


class TestForeignVerifiers:
    def test_gmssl_accepts_the_signature_over_the_structure(self, stamp: bytes) -> None:
        parsed, found = Signature.load(stamp), read_stamp(stamp)
        point = found.user.key.spki[-64:]

        assert gmssl_pyx.sm2_verify(point, parsed["to_sign"].dump(), found.signature)
        assert not gmssl_pyx.sm2_verify(point, parsed["to_sign"].dump() + b"x", found.signature)

    def test_gmssl_accepts_the_maker_s_signature_on_the_seal(self, authority: Authority) -> None:
        parsed = Seal.load(authority.ofd_seal().seal)
        maker = Certificate.read(parsed["cert"].native)
        signed, value = (
            parsed["seal_info"].dump(),
            bytes(parsed["signed_value"].cast(core.OctetBitString).native),
        )

        assert gmssl_pyx.sm2_verify(maker.key.spki[-64:], signed, value)
        assert not gmssl_pyx.sm2_verify(maker.key.spki[-64:], signed + b"x", value)

    def test_a_signature_of_gmssl_is_accepted(self, authority: Authority) -> None:
        seal = authority.ofd_seal()
        signed = sign_with_seal(CONTENT, place="/a", seal=seal.seal, user=seal.user, key=seal.key, at=NOW)
        info = keys.PrivateKeyInfo.load(seal.key.pkcs8)
        scalar = info["private_key"].parsed["private_key"].native.to_bytes(32)
        theirs = gmssl_pyx.sm2_sign(scalar, seal.user.key.spki[-64:], signed["to_sign"].dump())
        before = signed.dump()
        signed["signature"] = core.OctetBitString(theirs).cast(core.BitString)

        assert signed.dump(force=True) != before
        assert read_stamp(signed.dump(force=True)).signature == theirs

    def test_openssl_accepts_chain_and_signature(
        self, stamp: bytes, authority: Authority, tmp_path: Path
    ) -> None:
        parsed, found = Signature.load(stamp), read_stamp(stamp)
        for name, content in {
            "root.pem": authority.roots[SM2].pem.encode(),
            "user.pem": found.user.pem.encode(),
            "maker.pem": found.seal.maker.pem.encode(),
            "key.pem": found.user.key.pem.encode(),
            "signed": parsed["to_sign"].dump(),
            "value": found.signature,
            "bent": parsed["to_sign"].dump() + b"x",
        }.items():
            (tmp_path / name).write_bytes(content)
        chain = ("verify", "-no_check_time", "-vfyopt", "distid:1234567812345678", "-CAfile", "root.pem")
        value: tuple[str, ...] = (
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            "key.pem",
            "-sigfile",
            "value",
            "-rawin",
            "-digest",
            "sm3",
        )
        value = (*value, "-pkeyopt", "distid:1234567812345678", "-in")

        assert _openssl(*chain, "user.pem", "maker.pem", cwd=tmp_path) == 0
        assert _openssl(*value, "signed", cwd=tmp_path) == 0
        assert _openssl(*value, "bent", cwd=tmp_path) != 0


def _openssl(*arguments: str, cwd: Path) -> int:
    return subprocess.run(["openssl", *arguments], cwd=cwd, capture_output=True, check=False).returncode
