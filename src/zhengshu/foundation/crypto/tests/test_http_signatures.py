"""RFC 9421 against its own test vectors, and against a foreign implementation in both directions."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

import http_message_signatures as foreign
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.foundation.crypto.algorithms import Algorithm, fresh_pair, signer, verifier
from zhengshu.foundation.crypto.http_signatures import (
    DigestMalformed,
    Message,
    SignatureMalformed,
    content_digest,
    is_digest_of,
    read_signature,
    read_signature_input,
    sign,
    signature_base,
)

RFC_REQUEST = Message(
    method="POST",
    scheme="https",
    authority="example.com",
    path="/foo",
    query="param=Value&Pet=dog",
    headers={
        "host": "example.com",
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-length": "18",
    },
)
"""The request of RFC 9421, appendix B.2."""

SHARED_SECRET = base64.b64decode(
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
)
ED25519_PUBLIC = base64.b64decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")


def is_right(
    message: Message, *, given_input: str, given_signature: str, algorithm: Algorithm, key: bytes
) -> bool:
    signed = read_signature_input(given_input)
    base = signature_base(message, components=signed.components, parameters=signed.text)
    return verifier(algorithm, key).is_right(base, read_signature(given_signature, label=signed.label))


class TestRfcVectors:
    def test_appendix_b_2_5_hmac_sha256(self) -> None:
        assert is_right(
            RFC_REQUEST,
            given_input=(
                'sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
            ),
            given_signature="sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
            algorithm=Algorithm.HMAC_SHA256,
            key=SHARED_SECRET,
        )

    def test_appendix_b_2_6_ed25519(self) -> None:
        assert is_right(
            RFC_REQUEST,
            given_input=(
                'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
                ';created=1618884473;keyid="test-key-ed25519"'
            ),
            given_signature=(
                "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:"
            ),
            algorithm=Algorithm.ED25519,
            key=ED25519_PUBLIC,
        )

    def test_appendix_b_2_digest(self) -> None:
        body = b'{"hello": "world"}'

        assert content_digest(body) == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"
        assert is_digest_of(
            "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
            body,
        )


@dataclass
class ForeignRequest:
    """A request as the foreign implementation takes it."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class ForeignKeys(foreign.HTTPSignatureKeyResolver):
    """Keys as the foreign implementation asks for them."""

    def __init__(self, private: object, public: object) -> None:
        self.private, self.public = private, public

    def resolve_private_key(self, key_id: str) -> object:
        return self.private

    def resolve_public_key(self, key_id: str) -> object:
        return self.public


FOREIGN = {
    Algorithm.HMAC_SHA256: foreign.algorithms.HMAC_SHA256,
    Algorithm.ED25519: foreign.algorithms.ED25519,
}
COMPONENTS = ("@method", "@authority", "@path", "@query", "@target-uri", "zhengshu-purpose")
URL = "https://gateway.example/v1/resources/306001-00012/records?key.a=%E5%BC%A0&fields=name"
HEADERS = {"zhengshu-purpose": "social_assistance"}


def ours(headers: Mapping[str, str]) -> Message:
    path, query = URL.removeprefix("https://gateway.example").split("?")
    return Message(
        method="GET",
        scheme="https",
        authority="gateway.example",
        path=path,
        query=query,
        headers={name.lower(): value for name, value in headers.items()},
    )


def keys(algorithm: Algorithm) -> tuple[bytes, bytes, ForeignKeys]:
    if algorithm.is_shared_secret:
        return SHARED_SECRET, SHARED_SECRET, ForeignKeys(SHARED_SECRET, SHARED_SECRET)
    private, public = fresh_pair(algorithm)
    return (
        private,
        public,
        ForeignKeys(
            Ed25519PrivateKey.from_private_bytes(private), Ed25519PublicKey.from_public_bytes(public)
        ),
    )


@pytest.mark.parametrize("algorithm", list(FOREIGN))
class TestForeignImplementation:
    def test_accepts_what_we_sign(self, algorithm: Algorithm) -> None:
        import time

        private, _, resolver = keys(algorithm)
        headers = sign(
            ours(HEADERS),
            components=COMPONENTS,
            signer=signer(algorithm, private),
            key_id="k",
            created=int(time.time()),
            nonce="0123456789abcdef",
        )
        request = ForeignRequest("GET", URL, {"Host": "gateway.example", **HEADERS, **headers})

        results = foreign.HTTPMessageVerifier(
            signature_algorithm=FOREIGN[algorithm], key_resolver=resolver
        ).verify(request)

        assert [result.parameters["nonce"] for result in results] == ["0123456789abcdef"]

    def test_signs_what_we_accept(self, algorithm: Algorithm) -> None:
        _, public, resolver = keys(algorithm)
        request = ForeignRequest("GET", URL, {"Host": "gateway.example", **HEADERS})

        foreign.HTTPMessageSigner(signature_algorithm=FOREIGN[algorithm], key_resolver=resolver).sign(
            request, key_id="k", nonce="0123456789abcdef", covered_component_ids=COMPONENTS
        )

        assert is_right(
            ours(request.headers),
            given_input=request.headers["Signature-Input"],
            given_signature=request.headers["Signature"],
            algorithm=algorithm,
            key=public,
        )


class TestReading:
    @given(nonce=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=64))
    def test_returns_what_was_signed(self, nonce: str) -> None:
        headers = sign(
            ours(HEADERS),
            components=COMPONENTS,
            signer=signer(Algorithm.HMAC_SHA256, SHARED_SECRET),
            key_id=nonce,
            created=17,
            nonce=nonce,
            expires=99,
        )

        signed = read_signature_input(headers["Signature-Input"])

        assert (signed.nonce, signed.key_id, signed.created, signed.expires) == (nonce, nonce, 17, 99)
        assert (signed.components, signed.algorithm) == (COMPONENTS, "hmac-sha256")

    @given(header=st.text(max_size=200))
    def test_never_fails_otherwise_than_by_saying_so(self, header: str) -> None:
        for read in (read_signature_input, lambda text: read_signature(text, label="a")):
            try:
                read(header)
            except SignatureMalformed:
                continue

    def test_is_quick_with_hostile_input(self) -> None:
        hostile = 'a=("' + '" "x' * 3000 + '");keyid="' + "\\\\" * 3000

        with pytest.raises(SignatureMalformed):
            read_signature_input(hostile)

    @pytest.mark.parametrize("header", ["", "x", "md5=:AAAA:", "sha-256=AAAA", "sha-256=:A B:"])
    def test_refuses_digests_that_are_none(self, header: str) -> None:
        with pytest.raises(DigestMalformed):
            is_digest_of(header, b"")

    def test_every_known_digest_must_be_right(self) -> None:
        right = content_digest(b"body")

        assert is_digest_of(f"{right}, md5=:AAAA:", b"body")
        assert not is_digest_of(f"{right}, sha-512=:AAAA:", b"body")
        assert not is_digest_of(right, b"Body")
