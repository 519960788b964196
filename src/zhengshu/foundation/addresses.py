"""The address by which people know the platform: one answer for the pages, the proof log's name and the gateway."""

from collections.abc import Mapping

_THIS_MACHINE = frozenset({"127.0.0.1", "0.0.0.0", "::", "::1"})  # noqa: S104 - compared, not bound to


def public_url(environment: Mapping[str, str]) -> str:
    """Return ``ZHENGSHU_PUBLIC_URL``, else the address made of host and port.

    Passkeys belong to a name, never to a number: browsers refuse them at 127.0.0.1, so this machine is `localhost`.
    """
    host = environment.get("ZHENGSHU_HOST", "127.0.0.1")
    name = "localhost" if host in _THIS_MACHINE else f"[{host}]" if ":" in host else host
    return environment.get(
        "ZHENGSHU_PUBLIC_URL", f"http://{name}:{environment.get('ZHENGSHU_WEB_PORT', '8000')}"
    )
