"""The peers of the gateway: the same row from the same table, with nothing of what makes a call lawful.

`asgi` is a plain ASGI program (uvicorn, uvloop, httptools, asyncpg); `wsgi` is a plain Django view under granian.
Neither checks a signature or a grant, masks a value or keeps a record.
"""

import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from urllib.parse import parse_qsl

import asyncpg
import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from zhengshu.project import database

COLUMNS = ("name", "phone", "born_on", "amount", "children", "region")
SELECT = f"SELECT {', '.join(COLUMNS)} FROM serving.{os.environ['BENCH_VIEW']} WHERE citizen_id = "  # noqa: S608
KEY = "key.citizen_id"

Event = MutableMapping[str, object]
_pools: "list[asyncpg.Pool[asyncpg.Record]]" = []


async def asgi(
    scope: Event, _receive: Callable[[], Awaitable[Event]], send: Callable[[Event], Awaitable[None]]
) -> None:
    """Answer one call."""
    if not _pools:
        _pools.append(await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=0, max_size=4))
    query = scope["query_string"]
    key = dict(parse_qsl(query.decode() if isinstance(query, bytes) else ""))[KEY]
    rows = await _pools[0].fetch(SELECT + "$1", key)
    body = json.dumps({"rows": [dict(row) for row in rows]}, default=str).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def view(request: HttpRequest, **_: str) -> HttpResponse:
    """Answer one call."""
    with connection.cursor() as cursor:
        cursor.execute(SELECT + "%s", [request.GET[KEY]])
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    return JsonResponse({"rows": rows})


urlpatterns = [path("v1/resources/<str:code>/records", view)]


def wsgi() -> WSGIHandler:
    """Return the plainest Django there is: no middleware, persistent connections."""
    if not settings.configured:
        settings.configure(
            SECRET_KEY="bench",  # noqa: S106 - signs nothing
            ALLOWED_HOSTS=["*"],
            ROOT_URLCONF=__name__,
            DATABASES={"default": {**database.options(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": None}},
        )
        django.setup(set_prefix=False)
    return WSGIHandler()
