"""The gateway without what a receipt costs a call: no promise is signed, and no header is added."""

from zhengshu.contexts.exchange.gateway import app
from zhengshu.contexts.exchange.gateway.__main__ import main
from zhengshu.contexts.exchange.gateway.calls import Answer, Entry


def _without(_self: app.Gateway, answer: Answer, _entry: Entry, _request_digest: bytes) -> Answer:
    return answer


if __name__ == "__main__":
    app.Gateway._with_receipt = _without  # type: ignore[assignment,method-assign]  # noqa: SLF001 - it is replaced
    main()
