"""A real directory server (slapd) is taken over, and who leaves it loses access."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import ldap3
import pytest
from django.test import Client
from django.utils import timezone

from zhengshu.contexts.trust.application.sync_directory import (
    Directory,
    DirectoryUnreachable,
    read_directory,
    sync_directory,
)
from zhengshu.contexts.trust.domain.account_lists import ListUnfit, TooManyLeavers, Verdict
from zhengshu.contexts.trust.models import Account, AuditEvent
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import PASSWORD
from zhengshu.contexts.trust.tests.signing import is_in, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(60)]

SLAPD = "/usr/sbin/slapd"
BASE, ROOT = "dc=city,dc=example", "cn=root,dc=city,dc=example"
CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
database mdb
directory {folder}
suffix "{base}"
rootdn "{root}"
rootpw geheim
sizelimit 500
"""


class Slapd:
    """A directory in a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"ldap://127.0.0.1:{port}"
        file = folder / "slapd.conf"
        file.write_text(CONFIGURATION.format(folder=folder, base=BASE, root=ROOT))
        self.process = subprocess.Popen(
            [SLAPD, "-f", str(file), "-h", self.url, "-d", "0"], stderr=subprocess.DEVNULL
        )
        (folder / "password").write_text("geheim\n")
        self.place = Directory(url=self.url, bind=ROOT, password_file=folder / "password", base=BASE)
        for _ in range(100):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        self.root = ldap3.Connection(self.url, ROOT, "geheim", auto_bind=True, raise_exceptions=True)
        self.root.add(BASE, ["dcObject", "organization"], {"dc": "city", "o": "city"})  # type: ignore[no-untyped-call]

    def add(self, username: str, name: str, department: str) -> None:
        more = {"cn": name, "sn": name[0], "departmentNumber": department}
        self.root.add(f"uid={username},{BASE}", ["inetOrgPerson"], more)  # type: ignore[no-untyped-call]

    def remove(self, username: str) -> None:
        self.root.delete(f"uid={username},{BASE}")  # type: ignore[no-untyped-call]

    def close(self) -> None:
        self.root.unbind()
        self.process.kill()
        self.process.wait()


@pytest.fixture
def slapd(tmp_path: Path) -> Iterator[Slapd]:
    if shutil.which("slapd") is None and not Path(SLAPD).exists():
        pytest.skip("slapd is not installed; `make peers` brings it")
    directory = Slapd(tmp_path)
    yield directory
    directory.close()


class TestDirectory:
    def test_its_people_get_accounts_and_leavers_lose_theirs_at_once(self, slapd: Slapd) -> None:
        code = factories.department().code
        for number in range(5):
            slapd.add(f"person{number}", f"王小{number}", code)

        first = sync_directory(slapd.place, at=timezone.now())
        again = sync_directory(slapd.place, at=timezone.now())
        leaver = Account.objects.get(username="person3")
        leaver.set_password(PASSWORD)
        leaver.must_change_password, leaver.password_changed_at = False, timezone.now()
        leaver.save()
        visitor = Client()
        sign_in(visitor, "person3")
        was_in = is_in(visitor)
        slapd.remove("person3")
        last = sync_directory(slapd.place, at=timezone.now())

        assert first.counts == {Verdict.ADD: 5}
        assert again.counts == {Verdict.UNCHANGED: 5}
        assert was_in
        assert last.counts == {Verdict.UNCHANGED: 4, Verdict.DEACTIVATE: 1}
        assert not is_in(visitor)
        assert AuditEvent.objects.filter(name="trust.accounts.imported.v1").count() == 2

    def test_an_emptied_directory_is_not_believed(self, slapd: Slapd) -> None:
        code = factories.department().code
        for number in range(5):
            slapd.add(f"person{number}", f"王小{number}", code)
        sync_directory(slapd.place, at=timezone.now())
        for number in range(5):
            slapd.remove(f"person{number}")

        with pytest.raises(TooManyLeavers):
            sync_directory(slapd.place, at=timezone.now())

        assert Account.objects.filter(username__startswith="person", is_active=True).count() == 5

    def test_one_wrong_entry_keeps_all_from_being_done(self, slapd: Slapd) -> None:
        slapd.add("person1", "王小一", factories.department().code)
        slapd.add("person2", "王小二", "000000000000000000")

        with pytest.raises(ListUnfit):
            sync_directory(slapd.place, at=timezone.now())

        assert not Account.objects.filter(username="person1").exists()

    def test_accounts_kept_by_hand_are_left_alone(self, slapd: Slapd) -> None:
        by_hand = factories.account()
        slapd.add("person1", "王小一", factories.department().code)

        sync_directory(slapd.place, at=timezone.now())

        by_hand.refresh_from_db()
        assert by_hand.is_active

    def test_a_wrong_password_or_a_dead_server_makes_no_leavers(self, slapd: Slapd, tmp_path: Path) -> None:
        (tmp_path / "password").write_text("wrong")

        with pytest.raises(DirectoryUnreachable):
            read_directory(slapd.place)
