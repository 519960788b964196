"""What a developer pastes: three lines of Python, and curl with signatures made by openssl."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

SAMPLES: Mapping[str, str] = {
    "text": "SAMPLE",
    "integer": "1",
    "decimal": "1",
    "date": "2024-01-01",
    "datetime": "2024-01-01T00:00:00+08:00",
    "boolean": "true",
}
"""A value of each type with which a first call is well-formed, although it finds nothing."""

OPENSSL_DIGESTS: Mapping[str, str] = {"hmac-sha256": "-sha256", "hmac-sm3": "-sm3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """What a snippet is about.

    Attributes:
        url: the gateway's address.
        key: key columns with sample values.
        case: a case number to send, empty where the grant demands none.
        secret: base64; a placeholder where it is not shown.
    """

    url: str
    key_id: str
    secret: str
    algorithm: str
    resource: str
    purpose: str
    key: Mapping[str, str]
    case: str = ""


def sample_key(columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return a sample value for each key column, by its type."""
    return {column: SAMPLES.get(data_type, "SAMPLE") for column, data_type in columns.items()}


def python_lines(facts: CallFacts) -> str:
    """Return a call in three lines of Python."""
    key = "{" + ", ".join(f'"{column}": "{value}"' for column, value in facts.key.items()) + "}"
    algorithm = "" if facts.algorithm == "hmac-sha256" else f', algorithm="{facts.algorithm}"'
    case = f', case="{facts.case}"' if facts.case else ""
    return (
        "from zhengshu.client import Client\n"
        f'client = Client("{facts.url}", key_id="{facts.key_id}", secret="{facts.secret}"{algorithm})\n'
        f'print(client.records("{facts.resource}", key={key}, purpose="{facts.purpose}"{case}).rows)\n'
    )


def curl_script(facts: CallFacts) -> str:
    """Return the same call for a POSIX shell with curl and openssl."""
    parts = urlsplit(facts.url)
    query = urlencode({f"key.{column}": value for column, value in facts.key.items()})
    path = f"{parts.path.rstrip('/')}/v1/resources/{quote(facts.resource, safe='')}/records"
    covered = '"@method" "@authority" "@path" "@query" "zhengshu-purpose"'
    base = [
        '"@method": GET',
        f'"@authority": {parts.netloc}',
        f'"@path": {path}',
        f'"@query": ?{query}',
        f'"zhengshu-purpose": {facts.purpose}',
    ]
    headers = [f"-H 'Zhengshu-Purpose: {facts.purpose}'"]
    if facts.case:
        case = quote(facts.case, safe="-._~/:()")
        covered += ' "zhengshu-case"'
        base.append(f'"zhengshu-case": {case}')
        headers.append(f"-H 'Zhengshu-Case: {case}'")
    lines = [
        f"KEY_ID='{facts.key_id}'",
        f"SECRET='{facts.secret}'",
        f"PARAMETERS={_parameters(covered, facts.algorithm)}",
        "BASE='" + "\n".join(base) + '\n"@signature-params": \'"$PARAMETERS"',
        f'SIGNATURE=$(printf %s "$BASE" | {_signing(facts.algorithm)} | openssl base64 -A)',
        f"curl -sS '{parts.scheme}://{parts.netloc}{path}?{query}' {' '.join(headers)} \\",
        '  -H "Signature-Input: zhengshu=$PARAMETERS" -H "Signature: zhengshu=:$SIGNATURE:"',
    ]
    return "\n".join(lines) + "\n"


def _parameters(covered: str, algorithm: str) -> str:
    """Return the signature's parameters as a word of the shell."""
    fresh = "created='$(date +%s)';nonce=\"'$(openssl rand -hex 12)'\""
    return f"'({covered});{fresh};alg=\"{algorithm}\";keyid=\"'$KEY_ID'\"'"


def _signing(algorithm: str) -> str:
    """Return the openssl command that signs standard input."""
    digest = OPENSSL_DIGESTS.get(algorithm)
    if algorithm == "sm2-sm3":
        return (
            "openssl pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678 -inkey private-key.pem "
            "-in /dev/stdin | openssl asn1parse -inform DER | awk -F: '/INTEGER/ {printf \"%64s\", $NF}' | "
            "tr ' ' 0 | basenc --base16 -d"
        )
    if digest is None:
        return "openssl pkeyutl -sign -rawin -inkey private-key.pem -in /dev/stdin"
    hexadecimal = "$(printf %s \"$SECRET\" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')"
    return f'openssl dgst {digest} -mac HMAC -macopt "hexkey:{hexadecimal}" -binary'
