"""`zhengshu witness`: the small program by which a department witnesses the logs of others; no database, no Django."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from typing import TypeAlias

import click
import structlog

from zhengshu.foundation.tlog.cosignatures import cosigner_vkey
from zhengshu.foundation.tlog.notes import NoteWrong, verifier
from zhengshu.foundation.tlog.witness import MOST_BYTES, Answer, Witness

log = structlog.get_logger(__name__)

Message: TypeAlias = dict[str, object]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

PATH, HANDOVER = "/add-checkpoint", "/add-handover"
"""The first is C2SP tlog-witness; the second is ours, by which a log leads its witnesses to new keys."""
SEED_BYTES = 32


class WitnessApp:
    """The witness over HTTP: `POST /add-checkpoint`, and at `/` what it is and what it has seen."""

    def __init__(self, witness: Witness, *, vkey: str) -> None:
        """Serve a witness."""
        self.witness = witness
        self.vkey = vkey

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        answer = await self._answer(str(scope["method"]), str(scope["path"]), receive)
        if scope["path"] == PATH and answer.status != HTTPStatus.CONFLICT:
            log.info("witness.answered", status=int(answer.status))
        headers = [(b"content-type", answer.content_type.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
        await send({"type": "http.response.body", "body": answer.text.encode()})

    async def _answer(self, method: str, path: str, receive: Receive) -> Answer:
        if path == "/" and method in {HTTPMethod.GET, HTTPMethod.HEAD}:
            return Answer(HTTPStatus.OK, await asyncio.to_thread(self._told))
        if path not in {PATH, HANDOVER}:
            return Answer(HTTPStatus.NOT_FOUND, "a witness answers at /, /add-checkpoint and /add-handover\n")
        if method != HTTPMethod.POST:
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, "submit checkpoints by POST\n")
        body = await _body(receive)
        if body is None:
            return Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MOST_BYTES} bytes are read\n")
        if path == HANDOVER:
            return await asyncio.to_thread(self.witness.add_handover, body.decode(errors="replace"))
        return await asyncio.to_thread(self.witness.add_checkpoint, body, at=datetime.now(tz=UTC))

    def _told(self) -> str:
        seen = self.witness.seen()
        lines = [f"{origin} {one.size if one else 0}" for origin, one in seen.items()]
        return "\n".join([self.vkey, *lines, f"refused {len(self.witness.evidence())}", ""])


async def _body(receive: Receive) -> bytes | None:
    """Return a request's body, or None once it is longer than any submission."""
    body, is_more = b"", True
    while is_more:
        message = await receive()
        part = message.get("body", b"")
        body += part if isinstance(part, bytes) else b""
        is_more = bool(message.get("more_body")) and message["type"] == "http.request"
        if len(body) > MOST_BYTES:
            return None
    return body


def own_seed(folder: Path) -> bytes:
    """Return the witness's private key, made at its first start and readable by its own account only.

    Raises:
        ValueError: the file is no key; nothing is made in its place.
    """
    file = folder / "witness.key"
    try:
        seed = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        seed = os.urandom(SEED_BYTES)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(seed.hex() + "\n")
            out.flush()
            os.fsync(out.fileno())
    if len(seed) != SEED_BYTES:
        message = f"{file} is no key of {SEED_BYTES} bytes in hexadecimal"
        raise ValueError(message)
    return seed


@click.command()
@click.option("--name", required=True, help="The witness's own name, such as audit.example.gov.cn/witness.")
@click.option(
    "--folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Its key and its memory; back it up, never restore an old copy.",
)
@click.option("--log", "vkeys", multiple=True, required=True, help="Verifier key of a log; may be repeated.")
@click.option("--listen", default="127.0.0.1:8010", show_default=True, help="HOST:PORT.")
def witness(*, name: str, folder: Path, vkeys: tuple[str, ...], listen: str) -> None:
    """Witness logs: cosign their checkpoints as long as nothing in them is rewritten (C2SP tlog-witness)."""
    import uvicorn

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        raise click.ClickException(f"--listen is {listen}; it must be HOST:PORT, such as 127.0.0.1:8010.")
    try:
        seed = own_seed(folder)
        logs = [verifier(vkey) for vkey in vkeys]
    except (NoteWrong, ValueError) as fault:
        raise click.ClickException(str(fault)) from fault
    vkey = cosigner_vkey(name, seed)
    click.echo(f"Witness    {name}\nKey        {vkey}\nSubmit to  http://{listen}{PATH}\nCtrl-C stops it.")
    app = WitnessApp(Witness(name=name, seed=seed, logs=logs, folder=folder), vkey=vkey)
    uvicorn.run(app, host=host, port=int(port), log_level="warning", access_log=False)
