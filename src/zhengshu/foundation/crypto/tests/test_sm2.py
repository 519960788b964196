import json
import subprocess
from pathlib import Path

import gmssl_pyx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengshu.foundation.crypto.encodings import der_signature
from zhengshu.foundation.crypto.sm2 import NotDecrypted, Sm2KeyUnfit, Sm2PrivateKey, Sm2PublicKey

VECTORS = (
    Path(__file__).resolve().parents[5].parent / "shared/data/vectors/sm_crypto/sm2_standard_examples.json"
)
KEY = Sm2PrivateKey.from_scalar(bytes(range(1, 33)))


class TestStandardVectors:
    @pytest.mark.skipif(not VECTORS.exists(), reason="the published test vectors are not beside the project")
    def test_the_examples_of_the_recommended_curve_hold(self) -> None:
        examples = [one for one in json.loads(VECTORS.read_text())["sign"] if one["curve"] == "sm2p256v1"]
        assert examples
        for one in examples:
            key = Sm2PrivateKey.from_scalar(bytes.fromhex(one["d"]))
            raw = bytes.fromhex(one["r"] + one["s"])

            assert key.point.hex().upper() == one["px"] + one["py"]
            assert key.public.is_right(
                one["message"].encode(), der_signature(raw), signer_id=one["id"].encode()
            )


class TestSignature:
    @given(st.binary(max_size=300), st.binary(max_size=300))
    @settings(max_examples=30)
    def test_holds_for_the_message_and_for_no_other(self, message: bytes, other: bytes) -> None:
        signature = KEY.sign(message)

        assert KEY.public.is_right(message, signature)
        assert KEY.public.is_right(other, signature) == (other == message)

    def test_is_bound_to_the_identifier_of_the_signer(self) -> None:
        signature = KEY.sign(b"text", signer_id=b"ALICE123@YAHOO.COM")

        assert KEY.public.is_right(b"text", signature, signer_id=b"ALICE123@YAHOO.COM")
        assert not KEY.public.is_right(b"text", signature)

    def test_of_ours_is_accepted_by_another_implementation(self) -> None:
        assert gmssl_pyx.sm2_verify(KEY.point, b"text", KEY.sign(b"text"))

    def test_of_another_implementation_is_accepted_by_us(self) -> None:
        signature = gmssl_pyx.sm2_sign(KEY.scalar, KEY.point, b"text")

        assert KEY.public.is_right(b"text", signature)

    def test_is_accepted_by_the_openssl_command(self, tmp_path: Path) -> None:
        for name, content in (("key", KEY.public.der), ("text", b"text"), ("signature", KEY.sign(b"text"))):
            (tmp_path / name).write_bytes(content)
        command = [
            *("openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", str(tmp_path / "key")),
            *(
                "-sigfile",
                str(tmp_path / "signature"),
                "-rawin",
                "-digest",
                "sm3",
                "-in",
                str(tmp_path / "text"),
            ),
            *("-pkeyopt", "distid:1234567812345678"),
        ]

        done = subprocess.run(command, check=True, capture_output=True, text=True)

        assert "Signature Verified Successfully" in done.stdout

    @pytest.mark.parametrize("signature", [b"", b"\x30", bytes(64), b"\x30\x06\x02\x01\x00\x02\x01\x00"])
    def test_junk_is_never_right(self, signature: bytes) -> None:
        assert not KEY.public.is_right(b"text", signature)


class TestEncryption:
    def test_is_opened_by_the_key_alone(self) -> None:
        ciphertext = KEY.public.encrypt(b"secret")

        assert KEY.decrypt(ciphertext) == b"secret"
        with pytest.raises(NotDecrypted):
            Sm2PrivateKey.generate().decrypt(ciphertext)
        with pytest.raises(NotDecrypted):
            KEY.decrypt(ciphertext[:-1] + bytes([ciphertext[-1] ^ 1]))

    def test_agrees_with_another_implementation(self) -> None:
        assert KEY.decrypt(gmssl_pyx.sm2_encrypt(KEY.point, b"secret")) == b"secret"

    @given(st.binary(min_size=1, max_size=255))
    @settings(max_examples=20)
    def test_of_ours_is_opened_by_another_implementation(self, message: bytes) -> None:
        """GmSSL takes at most 255 bytes."""
        assert gmssl_pyx.sm2_decrypt(KEY.scalar, KEY.public.encrypt(message)) == message


class TestKeys:
    @pytest.mark.parametrize("scalar", [b"", bytes(32), b"\xff" * 32, bytes(31)])
    def test_a_scalar_outside_of_the_order_is_none(self, scalar: bytes) -> None:
        with pytest.raises(Sm2KeyUnfit):
            Sm2PrivateKey.from_scalar(scalar)

    @pytest.mark.parametrize("point", [b"", bytes(64), b"\1" * 64])
    def test_a_point_beside_the_curve_is_none(self, point: bytes) -> None:
        with pytest.raises(Sm2KeyUnfit):
            Sm2PublicKey(point)

    def test_never_shows_its_secret(self) -> None:
        assert str(int.from_bytes(KEY.scalar)) not in repr(KEY)
        assert "scalar" not in repr(KEY)
        assert KEY.scalar.hex() not in repr(KEY)
