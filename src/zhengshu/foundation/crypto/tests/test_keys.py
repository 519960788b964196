"""The root key and the master key: where they lie, what a wrong one says, how the root is changed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from zhengshu.foundation.crypto import master_key, root_key, sealing
from zhengshu.foundation.crypto.master_key import MasterKeyUnreadable, change_root, forget_former_roots
from zhengshu.foundation.crypto.root_key import HEAD, PlainRootKey, RootKeyUnfit, RootKeyWrong, plain_file_key

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and nothing kept from another one."""
    for name in (root_key.FILE, root_key.TEXT, root_key.TOKEN, "ZHENGSHU_MASTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ZHENGSHU_DATA", str(tmp_path))
    master_key._kept.cache_clear()
    return tmp_path


def forget() -> None:
    """What a new process knows."""
    master_key._kept.cache_clear()


class TestFreshInstallation:
    def test_makes_keys_once_that_only_its_user_may_read(self, installation: Path) -> None:
        first = sealing.derived_key(b"use")
        files = {file.name: file.read_text() for file in (installation / "keys").iterdir()}
        forget()

        assert sealing.derived_key(b"use") == first
        assert set(files) == {"root.key", "master.key"}
        for name, text in files.items():
            file = installation / "keys" / name
            assert file.read_text() == text
            assert file.stat().st_mode & 0o777 == 0o600
        assert files["root.key"].removeprefix(HEAD) not in files["master.key"]

    def test_gives_each_use_its_own_key(self) -> None:
        assert sealing.derived_key(b"one") != sealing.derived_key(b"two")

    def test_two_processes_that_start_at_once_get_the_same(self, installation: Path) -> None:
        program = "from zhengshu.foundation.crypto.sealing import derived_key; print(derived_key(b'x').hex())"
        processes = [
            subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
            for _ in range(3)
        ]

        assert len({process.communicate()[0] for process in processes}) == 1

    def test_of_before_the_master_key_keeps_what_it_derived(self, installation: Path) -> None:
        import hmac
        from hashlib import sha256

        secret = bytes(range(32))
        (installation / "keys").mkdir()
        (installation / "keys" / "root.key").write_text(secret.hex())

        assert sealing.derived_key(b"use") == hmac.digest(secret, b"zhengshu:use\x01", sha256)
        assert secret.hex() not in (installation / "keys" / "master.key").read_text()


class TestRootKeyOfTheEnvironment:
    def test_is_taken_before_the_file(self, installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(root_key.TEXT, "17" * 32)

        sealed = sealing.seal(b"secret", context=b"c")
        forget()

        assert sealing.unseal(sealed, context=b"c") == b"secret"
        assert [file.name for file in (installation / "keys").iterdir()] == ["master.key"]

    @pytest.mark.parametrize("text", ["17", "x" * 64, "17" * 33])
    def test_that_is_none_is_refused_without_showing_it(
        self, monkeypatch: pytest.MonkeyPatch, text: str
    ) -> None:
        monkeypatch.setenv(root_key.TEXT, text)

        with pytest.raises(RootKeyUnfit) as refused:
            sealing.derived_key(b"use")

        assert text not in str(refused.value)
        assert root_key.TEXT in str(refused.value)


class TestWrongRootKey:
    def test_is_said_in_a_sentence_and_opens_nothing(
        self, installation: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sealing.derived_key(b"use")
        other = "99" * 32
        monkeypatch.setenv(root_key.TEXT, other)
        forget()

        with pytest.raises(RootKeyWrong) as refused:
            sealing.derived_key(b"use")

        assert "Give back the root key that was in use" in str(refused.value)
        assert other not in str(refused.value)

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"wrapped": 1}', '{"wrapped": []}'])
    def test_a_damaged_master_key_is_not_replaced(self, installation: Path, text: str) -> None:
        sealing.derived_key(b"use")
        file = installation / "keys" / "master.key"
        file.write_text(text)
        forget()

        with pytest.raises((MasterKeyUnreadable, RootKeyWrong)):
            sealing.derived_key(b"use")
        assert file.read_text() == text

    def test_a_flipped_bit_of_the_wrapped_key_is_noticed(self, installation: Path) -> None:
        sealing.derived_key(b"use")
        file = installation / "keys" / "master.key"
        content = json.loads(file.read_text())
        (name, wrapped), *_ = content["wrapped"].items()
        content["wrapped"][name] = wrapped[:-2] + f"{int(wrapped[-2:], 16) ^ 1:02x}"
        file.write_text(json.dumps(content))
        forget()

        with pytest.raises(MasterKeyUnreadable):
            sealing.derived_key(b"use")


class TestChangingTheRoot:
    def test_goes_on_with_either_until_the_former_is_forgotten(
        self, installation: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = sealing.derived_key(b"use")
        new = installation / "new.key"
        root_key.make(new)

        change_root(new=plain_file_key(new), environment=os.environ)

        for file in (installation / "keys" / "root.key", new):
            monkeypatch.setenv(root_key.FILE, str(file))
            forget()
            assert sealing.derived_key(b"use") == before
        assert forget_former_roots(environment=os.environ) == 1
        forget()
        assert sealing.derived_key(b"use") == before
        monkeypatch.setenv(root_key.FILE, str(installation / "keys" / "root.key"))
        forget()
        with pytest.raises(RootKeyWrong):
            sealing.derived_key(b"use")

    def test_a_wrong_root_key_changes_nothing(
        self, installation: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sealing.derived_key(b"use")
        text = (installation / "keys" / "master.key").read_text()
        monkeypatch.setenv(root_key.TEXT, "99" * 32)

        for change in (
            lambda: change_root(new=PlainRootKey(bytes(32), "x"), environment=os.environ),
            lambda: forget_former_roots(environment=os.environ),
        ):
            with pytest.raises(RootKeyWrong):
                change()

        assert (installation / "keys" / "master.key").read_text() == text

    def test_keys_never_show_themselves(self) -> None:
        secret = bytes(range(32))

        assert secret.hex() not in repr(PlainRootKey(secret, "here"))
        assert repr(secret) not in repr(PlainRootKey(secret, "here"))


@pytest.mark.skipif(
    not SOFTHSM.exists() and not os.environ.get("ALL_PROGRAMS"),
    reason="softhsm2 is not installed (make peers)",
)
class TestRootKeyInAToken:
    @pytest.fixture
    def uri(self, installation: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        """A fresh token of SoftHSM; each test has a process-wide module, so they run in programs of their own."""
        tokens, configuration, pin = (installation / name for name in ("tokens", "softhsm.conf", "pin"))
        tokens.mkdir()
        configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
        pin.write_text("1234\n")
        monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
        util = shutil.which("softhsm2-util")
        assert util
        subprocess.run(
            [util, "--init-token", "--free", "--label", "zhengshu", "--pin", "1234", "--so-pin", "5678"],
            check=True,
            capture_output=True,
        )
        return f"pkcs11:token=zhengshu;object=root?module-path={SOFTHSM}&pin-source={pin}"

    def run(self, uri: str, *lines: str) -> str:
        head = [
            "import os",
            "from zhengshu.foundation.crypto import pkcs11, sealing, master_key, root_key",
            "from zhengshu.kernel.errors import Refused",
            f"os.environ[root_key.TOKEN] = uri = {uri!r}",
        ]
        done = subprocess.run(
            [sys.executable, "-c", "\n".join([*head, *lines])], capture_output=True, text=True, check=False
        )
        return done.stdout.strip() or done.stderr

    def test_opens_the_master_key_in_every_process(self, uri: str, installation: Path) -> None:
        made = self.run(uri, "pkcs11.token_key_made(uri)", "print(sealing.derived_key(b'x').hex())")

        assert len(made) == 64, made
        assert self.run(uri, "print(sealing.derived_key(b'x').hex())") == made
        assert [file.name for file in (installation / "keys").iterdir()] == ["master.key"]
        assert made not in (installation / "keys" / "master.key").read_text()

    def test_takes_over_from_a_file(self, uri: str, installation: Path) -> None:
        before = sealing.derived_key(b"x").hex()
        lines = ["pkcs11.token_key_made(uri)", "del os.environ[root_key.TOKEN]"]
        lines += ["master_key.change_root(new=pkcs11.token_key(uri), environment=os.environ)"]

        assert self.run(uri, *lines) == ""
        (installation / "keys" / "root.key").unlink()
        assert self.run(uri, "print(sealing.derived_key(b'x').hex())") == before

    def test_what_is_wrong_is_said_without_the_pin(self, uri: str, installation: Path) -> None:
        program = ["try: sealing.derived_key(b'x')", "except Refused as refusal: print(refusal)"]
        (installation / "other-pin").write_text("9999")
        cases = {
            uri: "not exactly one secret key named root",
            uri.replace("token=zhengshu", "token=none"): "NoSuchToken",
            uri.replace("/pin", "/other-pin"): "PinIncorrect",
            uri.replace("/pin", "/no-pin"): "the file of its PIN cannot be read",
            uri.replace("object=root", ""): "the URI lacks object",
            uri.replace(str(SOFTHSM), "/no/module.so"): "/no/module.so",
        }
        for given, said in cases.items():
            text = self.run(given, *program)
            assert said in text
            assert "1234" not in text
            assert "9999" not in text
