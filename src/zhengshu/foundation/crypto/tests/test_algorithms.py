import pytest
from gmssl_pyx import sm3_hmac
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.foundation.crypto.algorithms import Algorithm, fresh_pair, signer, verifier


@pytest.mark.parametrize("algorithm", list(Algorithm))
class TestEachAlgorithm:
    def test_accepts_its_own_signature_and_nothing_else(self, algorithm: Algorithm) -> None:
        private, public = fresh_pair(algorithm)
        check = verifier(algorithm, public)
        signature = signer(algorithm, private).sign(b"message")

        assert check.is_right(b"message", signature)
        assert not check.is_right(b"another", signature)
        assert not check.is_right(b"message", signature[:-1])
        assert not check.is_right(b"message", b"")

    def test_refuses_the_signature_of_another_key(self, algorithm: Algorithm) -> None:
        _, public = fresh_pair(algorithm)
        stranger = b"s" * 32

        assert not verifier(algorithm, public).is_right(
            b"message", signer(algorithm, stranger).sign(b"message")
        )


class TestHmacSm3:
    @given(message=st.binary(max_size=300), key=st.binary(min_size=32, max_size=64))
    def test_agrees_with_gmssl(self, message: bytes, key: bytes) -> None:
        assert signer(Algorithm.HMAC_SM3, key).sign(message) == sm3_hmac(key, message)
