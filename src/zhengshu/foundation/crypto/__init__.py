"""Cryptography of the platform, by purpose.

- `digests`: SM3, SHA-2; HMAC-SM3, HMAC-SHA256.
- `ciphers`: SM4-GCM and AES-256-GCM.
- `signatures`: key pairs of SM2, Ed25519 and P-256; `certificates`: X.509 with them; `sm2` also encrypts.
- `encodings`: DER and raw forms; `algorithms` and `http_signatures`: signed requests.
- `root_key`, `pkcs11`, `master_key`: where keys begin; `sealing` and `data_keys`: what is encrypted by them.

Built on `cryptography` and the system's OpenSSL; nothing here is an algorithm of ours. Free of Django, because
the gateway uses it too.
"""
