"""`python -m zhengshu.client`: print the curl command of a signed call; the secret is read from standard input."""

import argparse
import shlex
import sys

from zhengshu.client.signing import signed_headers
from zhengshu.foundation.crypto.algorithms import Algorithm


def main() -> None:
    """Read the arguments and print the command."""
    parser = argparse.ArgumentParser(prog="zhengshu.client", description=__doc__)
    parser.add_argument("method", choices=["GET", "POST"])
    parser.add_argument("url", help="the whole address, percent-encoded")
    parser.add_argument("--key-id", required=True)
    parser.add_argument("--algorithm", default="hmac-sha256", choices=[one.value for one in Algorithm])
    parser.add_argument("--purpose", default="")
    parser.add_argument("--case", default="")
    parser.add_argument("--official", default="", help="your reference of the official who asks")
    parser.add_argument("--body", default="")
    given = parser.parse_args()
    headers = signed_headers(
        given.method,
        given.url,
        key_id=given.key_id,
        secret=sys.stdin.readline().strip(),
        algorithm=given.algorithm,
        body=given.body.encode(),
        purpose=given.purpose,
        case=given.case,
        official=given.official,
    )
    words = ["curl", "--silent", "--show-error", "--request", given.method, given.url]
    for name, value in headers.items():
        words += ["--header", f"{name}: {value}"]
    words += ["--data-raw", given.body] if given.body else []
    sys.stdout.write(shlex.join(words) + "\n")


if __name__ == "__main__":
    main()
