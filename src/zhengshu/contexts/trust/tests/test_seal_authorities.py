"""A licensed authority beside our own: its certificates for our seals, its timestamps over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click import ClickException
from click.testing import CliRunner
from django.utils import timezone
from pytest_django import Settings

from zhengshu.contexts.trust.application.seals.check_sealed_file import check_sealed_file
from zhengshu.contexts.trust.application.seals.install_certificate import (
    CertificateNotTaken,
    install_certificate,
)
from zhengshu.contexts.trust.interfaces.seals import commands
from zhengshu.contexts.trust.models import Seal, SealKey
from zhengshu.contexts.trust.tests import seals
from zhengshu.foundation.crypto.certificates import Terms, issue_certificate, read_request
from zhengshu.foundation.crypto.signatures import Scheme
from zhengshu.foundation.seals.findings import Stamped
from zhengshu.foundation.seals.tests.makers import Authority
from zhengshu.foundation.seals.timestamps import TimestampAuthority
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> Actor:
    return seals.official()


class TestLicensedAuthority:
    """A certificate of another authority for the same key, by the commands that the how-to gives."""

    @pytest.fixture
    def foreign(self, settings: Settings, tmp_path: Path) -> Authority:
        found = Authority(name="持牌机构", clock=timezone.now)
        settings.SEAL_TRUST_FOLDER = str(tmp_path)
        for scheme, root in found.roots.items():
            (tmp_path / f"{scheme.value}.root.pem").write_text(root.pem)
        return found

    @pytest.mark.parametrize("scheme", [Scheme.SM2_SM3, Scheme.ECDSA_P256])
    def test_replaces_our_own_and_what_was_sealed_before_stays(
        self, user: Actor, foreign: Authority, scheme: Scheme, tmp_path: Path
    ) -> None:
        seal = Seal.objects.get(pk=seals.made(user))
        before, after = seals.approved(user.department_id), seals.approved(user.department_id)
        seals.put(seal.pk, before, user)
        install(seal.code, scheme, foreign, tmp_path)
        seals.put(seal.pk, after, user)

        kind = "ofd" if scheme is Scheme.SM2_SM3 else "pdf"
        for document, issuer in ((before, f"电子印章根证书 {scheme.value}"), (after, "持牌机构")):
            (verdict,) = check_sealed_file(seals.files(document)[kind], at=timezone.now()).verdicts
            assert (verdict.was_valid, verdict.is_valid, verdict.finding.issuer) == (True, True, issuer)

    def test_gives_timestamps_over_http(self, user: Actor, foreign: Authority, settings: Settings) -> None:
        document, seal = seals.approved(user.department_id), seals.made(user)
        with answering(foreign.stamper()) as address:
            settings.SEAL_TIMESTAMP_URLS = dict.fromkeys(settings.SEAL_TIMESTAMP_URLS, address)
            seals.put(seal, document, user)

        SealKey.objects.filter(use="timestamps").delete()
        for content in seals.files(document).values():
            (verdict,) = check_sealed_file(content, at=timezone.now()).verdicts
            assert (verdict.finding.stamped, verdict.was_valid) == (Stamped.RIGHT, True)

    def test_that_is_not_trusted_here_proves_no_time(self, user: Actor, settings: Settings) -> None:
        document, seal = seals.approved(user.department_id), seals.made(user)
        with answering(Authority(clock=timezone.now).stamper()) as address:
            settings.SEAL_TIMESTAMP_URLS = dict.fromkeys(settings.SEAL_TIMESTAMP_URLS, address)
            seals.put(seal, document, user)

        for content in seals.files(document).values():
            (verdict,) = check_sealed_file(content, at=timezone.now()).verdicts
            assert (verdict.finding.stamped, verdict.was_valid) == (Stamped.UNTRUSTED, None)

    def test_of_an_unknown_authority_or_for_another_key_is_refused(
        self, user: Actor, foreign: Authority, tmp_path: Path
    ) -> None:
        seal, scheme = Seal.objects.get(pk=seals.made(user)), Scheme.SM2_SM3
        _key, other = foreign.issue("别的密钥", scheme)

        with pytest.raises(ClickException, match="not trusted"):
            install(seal.code, scheme, Authority(name="持牌机构"), tmp_path)
        for refused in (other.pem.encode(), b"junk"):
            with pytest.raises(CertificateNotTaken):
                install_certificate(
                    code=seal.code, scheme=scheme, certificate=refused, actor=user, at=timezone.now()
                )


@contextmanager
def answering(stamper: TimestampAuthority) -> Iterator[str]:
    """Serve timestamps over HTTP as a licensed authority does."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = stamper.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name of the base class
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def install(code: str, scheme: Scheme, authority: Authority, folder: Path) -> None:
    """Ask for a certificate, have it issued, install it: as the how-to says."""
    asked = CliRunner().invoke(commands.seal, ["request", code, scheme.value], standalone_mode=False)
    request = read_request(asked.output.encode())
    at = timezone.now()
    terms = Terms(
        subject=request.subject, active_from=at - timedelta(days=1), active_to=at + timedelta(days=300)
    )
    file = folder / "issued.pem"
    root, key = authority.roots[scheme], authority.keys[scheme]
    file.write_text(issue_certificate(terms, key=request.key, issuer=root, issuer_key=key).pem)
    done = CliRunner().invoke(
        commands.seal, ["certificate", code, scheme.value, str(file)], standalone_mode=False
    )
    if done.exception is not None:
        raise done.exception
