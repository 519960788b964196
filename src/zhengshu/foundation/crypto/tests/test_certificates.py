"""Certificates against the `openssl` command in both directions, and chains that must not hold."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gmssl_pyx
import pytest
from asn1crypto import core, keys, x509
from cryptography import x509 as foreign

from zhengshu.foundation.crypto.certificates import (
    Certificate,
    CertificateUnfit,
    ChainBroken,
    Terms,
    build_request,
    issue_certificate,
    read_request,
    verify_chain,
)
from zhengshu.foundation.crypto.signatures import KeyUnfit, Scheme, SigningKey, VerifyingKey

NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = timedelta(days=365)
KEYS = {scheme: (SigningKey.generate(scheme), SigningKey.generate(scheme)) for scheme in Scheme}
each_scheme = pytest.mark.parametrize("scheme", list(Scheme))


def terms(name: str, **others: object) -> Terms:
    subject = {"country_name": "CN", "organization_name": "云泽市数据局", "common_name": name}
    begun = Terms(subject=subject, active_from=NOW - timedelta(days=1), active_to=NOW + YEAR)
    return replace(begun, **others)  # type: ignore[arg-type]


def root(scheme: Scheme, **others: object) -> Certificate:
    key = KEYS[scheme][0]
    return issue_certificate(
        terms("根", is_authority=True, **others), key=key.public, issuer=None, issuer_key=key
    )


def leaf(scheme: Scheme, authority: Certificate, **others: object) -> Certificate:
    issuer_key, own_key = KEYS[scheme]
    return issue_certificate(
        terms("张三", **others), key=own_key.public, issuer=authority, issuer_key=issuer_key
    )


def openssl(*command: str) -> str:
    done = subprocess.run(["openssl", *command], check=False, capture_output=True, text=True)
    return done.stdout + done.stderr


@each_scheme
class TestKeys:
    def test_are_read_from_what_they_are_written_as(self, scheme: Scheme) -> None:
        key = KEYS[scheme][0]

        assert SigningKey.read(key.pkcs8) == key
        assert VerifyingKey.read(key.public.pem.encode()) == key.public
        assert VerifyingKey.read(key.public.spki).is_right(b"text", key.sign(b"text"))
        assert not key.public.is_right(b"other", key.sign(b"text"))
        assert not KEYS[scheme][1].public.is_right(b"text", key.sign(b"text"))

    def test_of_the_openssl_command_are_read(self, scheme: Scheme, tmp_path: Path) -> None:
        file = tmp_path / "key.pem"
        kind = {
            Scheme.SM2_SM3: ("-algorithm", "SM2"),
            Scheme.ED25519: ("-algorithm", "ED25519"),
            Scheme.ECDSA_P256: ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
        }[scheme]
        openssl("genpkey", *kind, "-out", str(file))

        key = SigningKey.read(file.read_bytes())

        assert key.scheme is scheme
        assert key.public.pem == openssl("pkey", "-in", str(file), "-pubout")

    def test_never_show_themselves(self, scheme: Scheme) -> None:
        key = KEYS[scheme][0]
        with pytest.raises(KeyUnfit) as refused:
            SigningKey.read(key.pkcs8[:-3])

        for shown in (repr(key), str(refused.value), repr(refused.value.__cause__)):
            assert key.pkcs8.hex() not in shown
            assert "pkcs8" not in shown


@each_scheme
class TestChains:
    def test_lead_to_a_trusted_root(self, scheme: Scheme) -> None:
        top = root(scheme)
        one = leaf(scheme, top)

        assert verify_chain(one, roots=[top], at=NOW) == (one, top)
        assert one.subject["common_name"] == "张三"
        assert one.usages == {"digital_signature", "non_repudiation"}

    def test_are_accepted_by_the_openssl_command(self, scheme: Scheme, tmp_path: Path) -> None:
        top = root(scheme)
        one = leaf(scheme, top)
        for name, certificate in (("root", top), ("leaf", one)):
            (tmp_path / name).write_text(certificate.pem)
        identifier = ("-vfyopt", "distid:1234567812345678") if scheme is Scheme.SM2_SM3 else ()

        said = openssl(
            "verify", *identifier, "-x509_strict", "-CAfile", str(tmp_path / "root"), str(tmp_path / "leaf")
        )

        assert said.strip() == f"{tmp_path / 'leaf'}: OK"

    def test_of_the_openssl_command_are_accepted(self, scheme: Scheme, tmp_path: Path) -> None:
        file = tmp_path / "key.pem"
        file.write_text(pem_of(KEYS[scheme][0]))
        digest = {Scheme.SM2_SM3: ("-sm3", "-sigopt", "distid:1234567812345678")}.get(scheme, ())
        text = openssl(
            *(
                "req",
                "-x509",
                "-key",
                str(file),
                "-subj",
                "/C=CN/O=测试/CN=root",
                "-utf8",
                "-days",
                "2",
                *digest,
            )
        )

        certificate = Certificate.read(text.encode())

        assert verify_chain(certificate, roots=[certificate], at=NOW + timedelta(hours=1)) == (certificate,)
        assert certificate.is_signed_by(certificate.key)
        assert certificate.subject["organization_name"] == "测试"

    def test_break_with_any_changed_byte(self, scheme: Scheme) -> None:
        top = root(scheme)
        der = leaf(scheme, top).der

        for place in range(0, len(der), 7):
            changed = bytearray(der)
            changed[place] ^= 1
            with pytest.raises((CertificateUnfit, ChainBroken)):
                verify_chain(Certificate.read(bytes(changed)), roots=[top], at=NOW)


class TestBrokenChains:
    SCHEME = Scheme.SM2_SM3

    def test_when_expired_or_not_yet_valid(self) -> None:
        top = root(self.SCHEME)

        for at in (NOW - timedelta(days=3), NOW + 2 * YEAR):
            with pytest.raises(ChainBroken, match="valid from"):
                verify_chain(leaf(self.SCHEME, top), roots=[top], at=at)

    def test_when_the_root_is_a_stranger_of_the_same_name(self) -> None:
        top = root(self.SCHEME)
        key = KEYS[self.SCHEME][1]
        stranger = issue_certificate(
            terms("根", is_authority=True), key=key.public, issuer=None, issuer_key=key
        )

        with pytest.raises(ChainBroken, match="not by its issuer"):
            verify_chain(leaf(self.SCHEME, top), roots=[stranger], at=NOW)

    def test_when_nobody_known_issued_it(self) -> None:
        one = leaf(self.SCHEME, root(self.SCHEME))

        with pytest.raises(ChainBroken, match="not among"):
            verify_chain(one, roots=[], at=NOW)

    def test_when_somebody_without_authority_issued_it(self) -> None:
        top = root(self.SCHEME)
        official = leaf(self.SCHEME, top)
        key = KEYS[self.SCHEME][1]
        forged = issue_certificate(terms("李四"), key=key.public, issuer=official, issuer_key=key)

        with pytest.raises(ChainBroken, match="may not issue"):
            verify_chain(forged, between=[official], roots=[top], at=NOW)

    def test_when_an_authority_stands_too_deep(self) -> None:
        top = root(self.SCHEME, path_length=0)
        key = KEYS[self.SCHEME][1]
        middle = leaf(self.SCHEME, top, is_authority=True)
        one = issue_certificate(terms("李四"), key=key.public, issuer=middle, issuer_key=key)

        with pytest.raises(ChainBroken, match="fewer steps"):
            verify_chain(one, between=[middle], roots=[top], at=NOW)
        deeper = root(self.SCHEME, path_length=1)
        assert len(verify_chain(one, between=[middle], roots=[deeper], at=NOW)) == 3

    def test_when_revoked(self) -> None:
        top = root(self.SCHEME)
        one = leaf(self.SCHEME, top)

        with pytest.raises(ChainBroken, match="revoked"):
            verify_chain(one, roots=[top], at=NOW, is_revoked=lambda found: found.serial == one.serial)


class TestRequests:
    @each_scheme
    def test_are_read_and_accepted_by_the_openssl_command(self, scheme: Scheme, tmp_path: Path) -> None:
        key = KEYS[scheme][0]
        der = build_request(subject={"common_name": "云泽市数据局"}, key=key)
        file = tmp_path / "request"
        file.write_bytes(der)
        identifier = ("-vfyopt", "distid:1234567812345678") if scheme is Scheme.SM2_SM3 else ()

        request = read_request(der)

        assert (request.subject, request.key) == ({"common_name": "云泽市数据局"}, key.public)
        said = openssl("req", "-verify", "-noout", "-inform", "DER", "-in", str(file), *identifier)
        assert "verify OK" in said

    def test_of_the_openssl_command_are_read(self, tmp_path: Path) -> None:
        file = tmp_path / "key.pem"
        file.write_text(pem_of(KEYS[Scheme.SM2_SM3][0]))
        text = openssl(
            *("req", "-new", "-key", str(file), "-subj", "/CN=a", "-sm3"),
            *("-sigopt", "distid:1234567812345678"),
        )

        assert read_request(text.encode()).key == KEYS[Scheme.SM2_SM3][0].public

    def test_for_another_ones_key_are_refused(self) -> None:
        own, others = KEYS[Scheme.SM2_SM3]
        der = build_request(subject={"common_name": "a"}, key=own)
        point = own.public.spki[-64:]

        with pytest.raises(CertificateUnfit):
            read_request(der.replace(point, others.public.spki[-64:]))

    @pytest.mark.parametrize("junk", [b"", b"\x30\x00", b"-----BEGIN CERTIFICATE REQUEST-----", bytes(99)])
    def test_junk_is_refused(self, junk: bytes) -> None:
        with pytest.raises(CertificateUnfit):
            read_request(junk)
        with pytest.raises(CertificateUnfit):
            Certificate.read(junk)


class TestForeignReader:
    def test_reads_what_we_issue(self) -> None:
        top = root(Scheme.SM2_SM3)
        one = leaf(Scheme.SM2_SM3, top, usages={"digital_signature"}, extended_usages={"time_stamping"})

        read = foreign.load_der_x509_certificate(one.der)

        usage = read.extensions.get_extension_for_class(foreign.ExtendedKeyUsage)
        assert [found.dotted_string for found in usage.value] == ["1.3.6.1.5.5.7.3.8"]
        assert usage.critical
        assert read.serial_number == one.serial
        assert one.extended_usages == {"time_stamping"}


def pem_of(key: SigningKey) -> str:
    from asn1crypto import pem

    return str(pem.armor("PRIVATE KEY", key.pkcs8).decode())


class TestGmssl:
    """Certificates with SM2 against GmSSL: it accepts what we sign, and we accept what it signs."""

    def test_accepts_the_signature_on_ours(self) -> None:
        authority = root(Scheme.SM2_SM3)
        parsed = x509.Certificate.load(leaf(Scheme.SM2_SM3, authority).der)
        point = authority.key.spki[-64:]
        signed, value = parsed["tbs_certificate"].dump(), parsed["signature_value"].native

        assert gmssl_pyx.sm2_verify(point, signed, value)
        assert not gmssl_pyx.sm2_verify(point, signed + b"x", value)

    def test_is_accepted_with_its_signature(self) -> None:
        authority, key = root(Scheme.SM2_SM3), KEYS[Scheme.SM2_SM3][0]
        parsed = x509.Certificate.load(leaf(Scheme.SM2_SM3, authority).der)
        info = keys.PrivateKeyInfo.load(key.pkcs8)
        scalar = info["private_key"].parsed["private_key"].native.to_bytes(32)
        signed = parsed["tbs_certificate"].dump()
        theirs = gmssl_pyx.sm2_sign(scalar, authority.key.spki[-64:], signed)
        ours = bytes(parsed["signature_value"].native)
        parsed["signature_value"] = core.OctetBitString(theirs)
        foreign_made = Certificate.read(parsed.dump())

        assert theirs != ours
        assert verify_chain(foreign_made, roots=[authority], at=NOW)[-1] == authority
        parsed["signature_value"] = core.OctetBitString(theirs[:-1] + bytes([theirs[-1] ^ 1]))
        with pytest.raises(ChainBroken):
            verify_chain(Certificate.read(parsed.dump()), roots=[authority], at=NOW)
