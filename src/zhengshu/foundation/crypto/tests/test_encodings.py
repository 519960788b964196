import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.foundation.crypto.encodings import (
    CiphertextUnfit,
    Order,
    SignatureUnfit,
    der_ciphertext,
    der_signature,
    raw_ciphertext,
    raw_signature,
)
from zhengshu.foundation.crypto.sm2 import Sm2PrivateKey

VECTORS = (
    Path(__file__).resolve().parents[5].parent / "shared/data/vectors/sm_crypto/sm2_standard_examples.json"
)
KEY = Sm2PrivateKey.from_scalar(bytes(range(1, 33)))


class TestSignatures:
    @given(st.binary(min_size=64, max_size=64))
    def test_lead_to_each_other(self, raw: bytes) -> None:
        assert raw_signature(der_signature(raw)) == raw

    @pytest.mark.parametrize(
        "der",
        [
            b"",
            b"\x30\x06\x02\x01\x01\x02\x01",
            b"\x30\x07\x02\x02\x00\x01\x02\x01\x01",
            b"\x30\x06\x02\x01\x81\x02\x01\x01",
            b"\x31\x06\x02\x01\x01\x02\x01\x01",
            b"\x30\x06\x02\x01\x01\x02\x01\x01\x00",
        ],
    )
    def test_der_must_be_the_one_canonical_form(self, der: bytes) -> None:
        with pytest.raises(SignatureUnfit):
            raw_signature(der)

    def test_refuses_an_integer_of_more_than_thirty_two_bytes(self) -> None:
        big = b"\x02\x21\x01" + bytes(32)
        one = b"\x02\x01\x01"

        with pytest.raises(SignatureUnfit):
            raw_signature(b"\x30" + bytes([len(big + one)]) + big + one)


class TestCiphertexts:
    @pytest.mark.parametrize("order", list(Order))
    @given(plain=st.binary(min_size=1, max_size=100))
    def test_forms_lead_to_each_other(self, order: Order, plain: bytes) -> None:
        der = KEY.public.encrypt(plain)
        raw = raw_ciphertext(der, order=order)

        assert der_ciphertext(raw, order=order) == der
        assert KEY.decrypt(der_ciphertext(raw, order=order)) == plain

    @pytest.mark.skipif(not VECTORS.exists(), reason="the published test vectors are not beside the project")
    def test_the_published_example_is_taken_apart_rightly(self) -> None:
        (example,) = json.loads(VECTORS.read_text())["encrypt"]
        raw = bytes.fromhex(example["C1C2C3"])
        length = len(example["message"])

        turned = raw_ciphertext(der_ciphertext(raw, order=Order.C1C2C3), order=Order.C1C3C2)

        assert turned == raw[:65] + raw[65 + length :] + raw[65 : 65 + length]
        assert raw_ciphertext(der_ciphertext(turned), order=Order.C1C2C3) == raw

    @pytest.mark.parametrize("junk", [b"", b"\x30\x00", bytes(200), b"\x02" * 99])
    def test_junk_is_refused(self, junk: bytes) -> None:
        for convert in (raw_ciphertext, der_ciphertext):
            with pytest.raises(CiphertextUnfit):
                convert(junk)
