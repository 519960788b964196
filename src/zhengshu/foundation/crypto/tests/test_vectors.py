"""SM3 and SM4 against the vectors of their publishers, those of GmSSL and the `openssl` command."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import gmssl_pyx
import pytest
from cryptography.hazmat.decrepit.ciphers.modes import CFB, OFB
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengshu.foundation.crypto.ciphers import CipherName, NotOpened, sealing_key
from zhengshu.foundation.crypto.digests import DIGESTS, MACS, hmac_sm3, keyed_sm3, sm3

VECTORS = Path(__file__).resolve().parents[5].parent / "shared/data/vectors/sm_crypto"
published = pytest.mark.skipif(
    not VECTORS.exists(), reason="the published test vectors are not beside the project"
)
SM4_MODES = {"ecb": modes.ECB, "cbc": modes.CBC, "ctr": modes.CTR, "cfb": CFB, "ofb": OFB}
_FIELD = re.compile(r"^(\w+) = (\S*)$", re.MULTILINE)


def records(file: Path, first: str) -> Iterator[Mapping[str, str]]:
    """Read the blocks of a vector file; each begins with its first field."""
    found: dict[str, str] = {}
    for name, value in _FIELD.findall(file.read_text()):
        if name == first and found:
            yield found
            found = {}
        found[name] = value
    yield found


@published
class TestPublishedVectors:
    def test_of_sm3_hold(self) -> None:
        seen = 0
        for one in records(VECTORS / "hashes/SM3/oscca.txt", "Len"):
            message = bytes.fromhex(one["Msg"]) if int(one["Len"]) else b""
            assert sm3(message).hex() == one["MD"]
            seen += 1
        assert seen > 5

    def test_of_sm4_gcm_hold(self) -> None:
        seen = 0
        for one in records(VECTORS / "ciphers/SM4/rfc8998.txt", "COUNT"):
            if "AAD" not in one:
                continue
            key = sealing_key(CipherName.SM4_GCM, bytes.fromhex(one["KEY"]))
            nonce, plain, context = (bytes.fromhex(one[name]) for name in ("IV", "PLAINTEXT", "AAD"))
            expected = bytes.fromhex(one["CIPHERTEXT"] + one["TAG"])

            assert key.encrypt(nonce, plain, context) == expected
            assert key.open(nonce + expected, context=context) == plain
            seen += 1
        assert seen

    @pytest.mark.parametrize("mode", SM4_MODES)
    def test_of_sm4_in_other_modes_hold(self, mode: str) -> None:
        seen = 0
        for one in records(VECTORS / f"ciphers/SM4/draft-ribose-cfrg-sm4-10-{mode}.txt", "COUNT"):
            key = algorithms.SM4(bytes.fromhex(one["KEY"]))
            iv = bytes.fromhex(one.get("IV", ""))
            work = Cipher(key, SM4_MODES[mode](iv) if iv else modes.ECB()).encryptor()  # noqa: S305 - a vector's mode

            done = work.update(bytes.fromhex(one["PLAINTEXT"])) + work.finalize()

            assert done.hex() == one["CIPHERTEXT"].lower()
            seen += 1
        assert seen


class TestOtherImplementations:
    @given(message=st.binary(max_size=300), key=st.binary(min_size=32, max_size=64))
    def test_agree_on_sm3_and_its_mac(self, message: bytes, key: bytes) -> None:
        assert sm3(message) == DIGESTS["sm3"](message) == gmssl_pyx.sm3_hash(message)
        assert hmac_sm3(key, message) == keyed_sm3(key)(message) == gmssl_pyx.sm3_hmac(key, message)
        assert MACS["hmac-sm3"](key, message) == hmac_sm3(key, message)

    def test_the_openssl_command_agrees(self) -> None:
        key = bytes(range(32))
        digest = subprocess.run(
            ["openssl", "dgst", "-sm3", "-binary"], input=b"text", check=True, capture_output=True
        )
        mac = subprocess.run(
            ["openssl", "dgst", "-sm3", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}", "-binary"],
            input=b"text",
            check=True,
            capture_output=True,
        )

        assert digest.stdout == sm3(b"text")
        assert mac.stdout == hmac_sm3(key, b"text")

    @given(plain=st.binary(min_size=1, max_size=200), context=st.binary(min_size=1, max_size=60))
    @settings(max_examples=30)
    def test_agree_on_sm4_gcm_in_both_directions(self, plain: bytes, context: bytes) -> None:
        secret, nonce = bytes(range(16)), bytes(range(12))
        key = sealing_key(CipherName.SM4_GCM, secret)
        ours = key.encrypt(nonce, plain, context)

        assert gmssl_pyx.sm4_gcm_decrypt(secret, nonce, context, ours[:-16], ours[-16:]) == plain
        theirs, tag = gmssl_pyx.sm4_gcm_encrypt(secret, nonce, context, plain)
        assert key.open(nonce + theirs + tag, context=context) == plain


@pytest.mark.parametrize("cipher", list(CipherName))
class TestSealingKeys:
    @given(plain=st.binary(max_size=100), context=st.binary(max_size=40))
    @settings(max_examples=20)
    def test_open_what_they_sealed_in_its_context(
        self, cipher: CipherName, plain: bytes, context: bytes
    ) -> None:
        key = sealing_key(cipher, bytes(16 if cipher is CipherName.SM4_GCM else 32))
        sealed = key.seal(plain, context=context)

        assert key.open(sealed, context=context) == plain
        assert key.seal(plain, context=context) != sealed
        with pytest.raises(NotOpened):
            key.open(sealed, context=context + b"x")

    def test_notice_every_changed_byte(self, cipher: CipherName) -> None:
        key = sealing_key(cipher, bytes(16 if cipher is CipherName.SM4_GCM else 32))
        sealed = key.seal(b"secret", context=b"c")

        for place in range(len(sealed)):
            changed = bytearray(sealed)
            changed[place] ^= 1
            with pytest.raises(NotOpened):
                key.open(bytes(changed), context=b"c")
        for length in range(len(sealed)):
            with pytest.raises(NotOpened):
                key.open(sealed[:length], context=b"c")

    def test_refuse_a_key_of_another_length_and_never_show_one(self, cipher: CipherName) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - of the library or ours
            sealing_key(cipher, b"short")
        secret = bytes(range(16 if cipher is CipherName.SM4_GCM else 32))
        shown = repr(sealing_key(cipher, secret))
        assert secret.hex() not in shown
        assert repr(secret) not in shown
