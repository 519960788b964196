"""`python -m zhengshu.contexts.exchange.gateway`: start the gateway."""

import argparse
import os
import sys

from zhengshu.contexts.exchange.gateway.server import serve
from zhengshu.foundation.crypto.master_key import master_key
from zhengshu.kernel.errors import Refused


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="gateway", description="The data plane of the exchange.")
    parser.add_argument("--host", default=os.environ.get("ZHENGSHU_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("ZHENGSHU_GATEWAY_PORT", "8001")))
    parser.add_argument(
        "--workers", type=int, default=int(os.environ.get("ZHENGSHU_GATEWAY_WORKERS", os.cpu_count() or 1))
    )
    arguments = parser.parse_args()
    try:
        master_key()
    except Refused as refusal:
        sys.exit(refusal.text())
    serve(arguments.host, arguments.port, max(1, arguments.workers))


if __name__ == "__main__":
    main()
