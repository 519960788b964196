"""Commands of seals: a licensed authority's certificates."""

import sys
from pathlib import Path

import click
from django.utils import timezone

from zhengshu.foundation.crypto.signatures import Scheme
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused

PLATFORM = Actor.platform("console")
SCHEMES = click.Choice([Scheme.SM2_SM3.value, Scheme.ECDSA_P256.value])


@click.group()
def seal() -> None:
    """Certificates of seals, from a licensed authority."""


@seal.command("request")
@click.argument("code")
@click.argument("scheme", type=SCHEMES)
def request(*, code: str, scheme: str) -> None:
    """Print a request (PKCS #10, PEM) for a certificate of a seal's key."""
    from asn1crypto import pem

    from zhengshu.contexts.trust.application.seals.install_certificate import certificate_request

    try:
        der = certificate_request(code=code, scheme=Scheme(scheme))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    sys.stdout.write(pem.armor("CERTIFICATE REQUEST", der).decode())


@seal.command("certificate")
@click.argument("code")
@click.argument("scheme", type=SCHEMES)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def certificate(*, code: str, scheme: str, file: Path) -> None:
    """Install the certificate that an authority issued for a seal's key."""
    from zhengshu.contexts.trust.application.seals.install_certificate import install_certificate

    try:
        install_certificate(
            code=code,
            scheme=Scheme(scheme),
            certificate=file.read_bytes(),
            actor=PLATFORM,
            at=timezone.now(),
        )
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo("The certificate was installed.")
