"""Commands that concern the whole house."""

import os
import sys
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.utils import timezone

from zhengshu.foundation.vault.keys import require_keys
from zhengshu.kernel.errors import Refused
from zhengshu.project import database, prepare
from zhengshu.project.demo_city.commands import city
from zhengshu.project.monitor import monitor
from zhengshu.project.precedence import make_room
from zhengshu.project.supervisor import Program, Supervisor
from zhengshu.project.tour.command import tour
from zhengshu.project.witness import witness

WORKER_CONCURRENCY = 2


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Run a management command of Django (migrate, shell …)."""
    execute_from_command_line(["zhengshu django", *arguments])


@click.command(name="prepare")
@click.option("--city/--no-city", default=True, help="Install the demonstration city when there is none.")
def prepare_command(*, city: bool) -> None:
    """Bring tables, static files, content and the demonstration city up to date."""
    _prepare(click.echo)
    if city:
        _install_city()


@click.command()
def worker() -> None:
    """Run background and scheduled jobs; they make room for whoever waits before a page."""
    make_room(settings.WORKER_NICE)
    try:
        require_keys()
    except Refused as refusal:
        raise click.ClickException(refusal.text()) from refusal
    call_command("procrastinate", "worker", concurrency=WORKER_CONCURRENCY)


@click.command()
@click.option("--city/--no-city", default=True, help="Install the demonstration city when there is none.")
def run(*, city: bool) -> None:
    """Start the platform: web, gateway and worker under one supervisor; Ctrl-C stops them all."""
    click.echo("Zhengshu is getting ready …")
    _prepare(_step)
    if city:
        _install_city()
    supervisor = Supervisor(
        (*_programs(), *(_afterwards() if city else ())),
        log_folder=Path(settings.DATA_FOLDER) / "log",
        say=_step,
        keep=database.keep_alive,
        ready=lambda: _welcome(city=city),
    )
    try:
        supervisor.run()
    except Refused as refusal:
        click.echo(refusal.text(), err=True)
        sys.exit(1)


def _prepare(say: prepare.Say) -> None:
    try:
        prepare.prepare(at=timezone.now(), say=say)
    except Refused as refusal:
        raise click.ClickException(refusal.text()) from refusal


def _programs() -> tuple[Program, ...]:
    python, host = sys.executable, settings.HOST
    return (
        Program(
            name="web",
            command=(
                str(Path(python).with_name("granian")),
                "--interface",
                "wsgi",
                "--host",
                host,
                "--port",
                str(settings.WEB_PORT),
                "--workers",
                os.environ.get("ZHENGSHU_WEB_WORKERS", "1"),
                "--blocking-threads",
                "4",
                "--no-ws",
                "zhengshu.project.wsgi:application",
            ),
            port=settings.WEB_PORT,
            ready_path="/healthz",
            variable="ZHENGSHU_WEB_PORT",
        ),
        Program(
            name="gateway",
            command=(
                python,
                "-m",
                "zhengshu.contexts.exchange.gateway",
                "--host",
                host,
                "--port",
                str(settings.GATEWAY_PORT),
                "--workers",
                os.environ.get("ZHENGSHU_GATEWAY_WORKERS", "1"),
            ),
            port=settings.GATEWAY_PORT,
            ready_path="/healthz",
            variable="ZHENGSHU_GATEWAY_PORT",
        ),
        Program(name="worker", command=(python, "-m", "zhengshu.project.cli", "worker")),
        Program(name="sequencer", command=(python, "-m", "zhengshu.project.cli", "sequencer")),
    )


def _afterwards() -> tuple[Program, ...]:
    """Return what runs once the platform answers: applications of the city's people, which its gateway fills in."""
    from zhengshu.project.demo_city.applying import are_applications_due

    if not are_applications_due():
        return ()
    words = (sys.executable, "-m", "zhengshu.project.cli", "city", "applications")
    return (Program(name="applications", command=words, is_once=True),)


def _install_city() -> None:
    from zhengshu.project.demo_city.load import install_city

    install_city(at=timezone.now(), say=_step)


def _step(text: str) -> None:
    click.echo(f"  {text}")


def _welcome(*, city: bool) -> None:
    click.echo(f"\nPlatform   {settings.PUBLIC_URL}\nGateway    {settings.GATEWAY_URL}\n")
    if city:
        from zhengshu.project.demo_city.load import account_lines

        click.echo("\n".join(account_lines()))
    click.echo("\nCtrl-C stops everything.")


commands: tuple[click.Command, ...] = (run, tour, prepare_command, city, worker, django, witness, monitor)
