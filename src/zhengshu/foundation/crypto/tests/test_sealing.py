import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.foundation.crypto import sealing


class TestSealing:
    @given(secret=st.binary(max_size=200), context=st.binary(max_size=40))
    def test_what_was_sealed_is_unsealed_in_its_context(self, secret: bytes, context: bytes) -> None:
        sealed = sealing.seal(secret, context=context)

        assert sealing.unseal(sealed, context=context) == secret
        assert not secret or len(secret) < 4 or secret not in sealed

    def test_another_context_gets_nothing(self) -> None:
        sealed = sealing.seal(b"secret", context=b"trust.key:one")

        with pytest.raises(sealing.NotUnsealed):
            sealing.unseal(sealed, context=b"trust.key:two")

    def test_a_changed_byte_is_noticed(self) -> None:
        sealed = bytearray(sealing.seal(b"secret", context=b"c"))

        for place in range(len(sealed)):
            changed = bytes(sealed[:place]) + bytes([sealed[place] ^ 1]) + bytes(sealed[place + 1 :])
            with pytest.raises(sealing.NotUnsealed):
                sealing.unseal(changed, context=b"c")

    def test_garbage_is_refused(self) -> None:
        for garbage in (b"", b"\x01", b"\x01" + bytes(12), b"\x02" + bytes(60)):
            with pytest.raises(sealing.NotUnsealed):
                sealing.unseal(garbage, context=b"c")
