from pathlib import Path

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


class TestRootKey:
    def test_is_made_once_and_only_its_user_may_read_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "keys" / "root.key"
        monkeypatch.setenv("ZHENGSHU_ROOT_KEY_FILE", str(file))

        first = sealing.derived_key(b"use")
        written = file.read_text()
        sealing._root_key.cache_clear()

        assert sealing.derived_key(b"use") == first
        assert file.read_text() == written
        assert file.stat().st_mode & 0o777 == 0o600
        assert list(file.parent.iterdir()) == [file]

    def test_of_another_installation_unseals_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ZHENGSHU_ROOT_KEY_FILE", str(tmp_path / "one.key"))
        sealed = sealing.seal(b"secret", context=b"c")
        monkeypatch.setenv("ZHENGSHU_ROOT_KEY_FILE", str(tmp_path / "two.key"))

        with pytest.raises(sealing.NotUnsealed):
            sealing.unseal(sealed, context=b"c")

    def test_gives_each_use_its_own_key(self) -> None:
        assert sealing.derived_key(b"one") != sealing.derived_key(b"two")
