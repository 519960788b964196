"""Operations a second on one core, beside GmSSL (by `gmssl-pyx`) and the `openssl speed` command.

SM2, Ed25519 and P-256 over 200 bytes, SM3 and HMAC-SM3 over 1 KiB, SM4-GCM over 1 KiB; and what one encrypted column of
one row costs: a citizen ID of 18 letters, encrypted, decrypted, and its blind index.
"""

import re
import subprocess
import time
from collections.abc import Callable
from functools import partial

import gmssl_pyx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from bench.harness import Result, median_of, write_results
from zhengshu.foundation.crypto.ciphers import CipherName, sealing_key
from zhengshu.foundation.crypto.data_keys import OpenedKey, Scope, blind_index
from zhengshu.foundation.crypto.digests import keyed_sm3, sm3
from zhengshu.foundation.crypto.sm2 import Sm2PrivateKey

SECONDS = 1.0
MESSAGE, KIBIBYTE = bytes(200), bytes(1024)
PLACE = b"trust_account.sealed_citizen_id:" + bytes(16)
CITIZEN = "11010519491231002X"
Peers = dict[str, Callable[[], object]]


def main() -> None:
    """Measure and write the results."""
    write_results("crypto", [*signatures(), *digests(), *ciphers(), *columns()])


def signatures() -> list[Result]:
    """Measure key pairs."""
    sm2, ed25519 = Sm2PrivateKey.generate(), Ed25519PrivateKey.generate()
    p256 = ec.generate_private_key(ec.SECP256R1())
    signature, public = sm2.sign(MESSAGE), sm2.public
    eddsa = ed25519.sign(MESSAGE)
    speed = openssl_signatures()
    signing: Peers = {
        "gmssl": lambda: gmssl_pyx.sm2_sign(sm2.scalar, sm2.point, MESSAGE),
    }
    checks: Peers = {"gmssl": lambda: gmssl_pyx.sm2_verify(sm2.point, MESSAGE, signature)}
    return [
        result("sm2 signatures", lambda: sm2.sign(MESSAGE), signing, speed.get("sm2", (None, None))[0]),
        result(
            "sm2 checks",
            lambda: public.is_right(MESSAGE, signature),
            checks,
            speed.get("sm2", (None, None))[1],
        ),
        result(
            "ed25519 signatures", lambda: ed25519.sign(MESSAGE), {}, speed.get("ed25519", (None, None))[0]
        ),
        result(
            "ed25519 checks",
            partial(ed25519.public_key().verify, eddsa, MESSAGE),
            {},
            speed.get("ed25519", (None, None))[1],
        ),
        result("p-256 signatures", lambda: p256.sign(MESSAGE, ec.ECDSA(SHA256())), {}, None),
    ]


def digests() -> list[Result]:
    """Measure digests of 1 KiB."""
    key = bytes(32)
    mac = keyed_sm3(key)
    speed = openssl_bytes("-evp", "sm3") / 1024
    return [
        result("sm3 of 1 KiB", lambda: sm3(KIBIBYTE), {"gmssl": lambda: gmssl_pyx.sm3_hash(KIBIBYTE)}, speed),
        result(
            "hmac-sm3 of 1 KiB",
            lambda: mac(KIBIBYTE),
            {"gmssl": lambda: gmssl_pyx.sm3_hmac(key, KIBIBYTE)},
            speed,
        ),
    ]


def ciphers() -> list[Result]:
    """Measure SM4-GCM over 1 KiB."""
    secret, nonce = bytes(16), bytes(12)
    key, aes = sealing_key(CipherName.SM4_GCM, secret), AESGCM(bytes(32))
    peers: Peers = {
        "gmssl": lambda: gmssl_pyx.sm4_gcm_encrypt(secret, nonce, PLACE, KIBIBYTE),
    }
    return [
        result("sm4-gcm of 1 KiB", lambda: key.encrypt(nonce, KIBIBYTE, PLACE), peers, None),
        result("aes-256-gcm of 1 KiB", lambda: aes.encrypt(nonce, KIBIBYTE, PLACE), {}, None),
    ]


def columns() -> list[Result]:
    """Measure one value of an encrypted column."""
    secret, plain = bytes(16), CITIZEN.encode()
    key = OpenedKey(17, Scope(None, 4), 1, sealing_key(CipherName.SM4_GCM, secret))
    stored, index, mac = key.encrypt(plain, place=PLACE), blind_index("bench"), bytes(32)
    return [
        result(
            "values encrypted",
            lambda: key.encrypt(plain, place=PLACE),
            {"gmssl": lambda: gmssl_pyx.sm4_gcm_encrypt(secret, bytes(12), PLACE, plain)},
            None,
        ),
        result(
            "values decrypted",
            lambda: key.decrypt(stored, place=PLACE),
            {
                "gmssl": lambda: gmssl_pyx.sm4_gcm_decrypt(
                    secret, stored[5:17], stored[:5] + PLACE, stored[17:-16], stored[-16:]
                )
            },
            None,
        ),
        result(
            "blind indexes", lambda: index(CITIZEN), {"gmssl": lambda: gmssl_pyx.sm3_hmac(mac, plain)}, None
        ),
    ]


def result(name: str, work: Callable[[], object], peers: Peers, limit: float | None) -> Result:
    """Return the median of the runs, with peers; the limit is what the `openssl` command does without Python."""
    value, runs = median_of(partial(rate, work))
    rates = {peer: median_of(partial(rate, one))[0] for peer, one in peers.items()}
    return Result(
        name=name, value=value, unit="a second", better="higher", peers=rates, limit=limit, runs=runs
    )


def rate(work: Callable[[], object]) -> float:
    """Return how often a second something can be done."""
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < SECONDS:
        work()
        done += 1
    return done / spent


def openssl_signatures() -> dict[str, tuple[float, float]]:
    """Return signatures and checks a second of `openssl speed`, by algorithm."""
    found = {}
    for name, asked in (("sm2", "sm2"), ("ed25519", "ed25519")):
        text = speed("-seconds", "1", asked)
        rates = re.findall(r"s\s+([0-9.]+)\s+([0-9.]+)\s*$", text, flags=re.MULTILINE)
        if rates:
            found[name] = (float(rates[-1][0]), float(rates[-1][1]))
    return found


def openssl_bytes(*asked: str) -> float:
    """Return bytes a second of `openssl speed` in blocks of 1 KiB."""
    text = speed("-seconds", "1", "-bytes", "1024", *asked)
    rates = re.findall(r"([0-9.]+)k\s*$", text, flags=re.MULTILINE)
    return float(rates[-1]) * 1000 if rates else 0.0


def speed(*words: str) -> str:
    """Return what `openssl speed` prints."""
    return subprocess.run(["openssl", "speed", *words], check=False, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
