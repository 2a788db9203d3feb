"""Seal bytes with a passphrase, by Fernet of `cryptography` and a key derived with scrypt (RFC 7914)."""

from __future__ import annotations

import os
import unicodedata
from base64 import urlsafe_b64encode

from msgspec import Struct

from aiguard.errors import StoreError

KIND = "aiguard sealed stand-ins"
_LOG_N, _R, _P, _KEY, _SALT = 17, 8, 1, 32, 16
# A file that was tampered with must not cost more than a second and 256 MB.
_MOST_LOG_N = 18


class Sealed(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold sealed bytes with what the key is derived from, beside the passphrase; `n` is a power of two."""

    kind: str
    n: int
    salt: bytes
    token: str
    schema: int = 1


def seal(data: bytes, passphrase: str) -> Sealed:
    """Encrypt and sign bytes under a passphrase."""
    from cryptography.fernet import Fernet

    salt = os.urandom(_SALT)
    return Sealed(KIND, _LOG_N, salt, Fernet(_key(passphrase, salt, _LOG_N)).encrypt(data).decode())


def unseal(sealed: Sealed, passphrase: str) -> bytes:
    """Return the bytes; StoreError when the passphrase is another one, or anything was changed."""
    from cryptography.fernet import Fernet, InvalidToken

    if not 0 < sealed.n <= _MOST_LOG_N or len(sealed.salt) != _SALT:
        raise _refusal()
    try:
        return Fernet(_key(passphrase, sealed.salt, sealed.n)).decrypt(sealed.token.encode())
    except InvalidToken:
        raise _refusal() from None


def _refusal() -> StoreError:
    return StoreError(
        "合言葉が違うか、対応表が書き換えられています。", "合言葉と、対応表のファイルを確かめてください。"
    )


def _key(passphrase: str, salt: bytes, log_n: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    words = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(Scrypt(salt=salt, length=_KEY, n=2**log_n, r=_R, p=_P).derive(words))
