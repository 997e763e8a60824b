"""Keys for links: unguessable, for one purpose, stored only as a digest.

A key is HMAC-SHA256 over its purpose and a random nonce with a secret derived from ``SECRET_KEY``; 192 bits of
it stand in the address. A queued message keeps the nonce, which is worth nothing without the site's secret; the
database keeps the SHA-256 of the key, by which it is looked up.
"""

import base64
import hashlib
import secrets

from django.utils.crypto import salted_hmac

SALT = "undersigned.keys"


def new_nonce() -> str:
    """128 random bits in hex."""
    return secrets.token_hex(16)


def derive(purpose: str, nonce: str) -> str:
    """The key for ``purpose`` and ``nonce``: 32 characters of the URL-safe base64 alphabet."""
    mac = salted_hmac(SALT, f"{purpose}:{nonce}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac)[:32].decode()


def digest(key: str) -> str:
    """What the database stores of a key: its SHA-256 in hex."""
    return hashlib.sha256(key.encode()).hexdigest()


def blind(purpose: str, value: str) -> str:
    """A keyed hash of personal data (an address, an e-mail) for counting and comparing without keeping it."""
    return salted_hmac(f"undersigned.blind.{purpose}", value, algorithm="sha256").hexdigest()


def same(key: str, purpose: str, nonce: str) -> bool:
    """Whether ``key`` is the one of ``purpose`` and ``nonce``, compared in constant time."""
    return secrets.compare_digest(key.encode(), derive(purpose, nonce).encode())
