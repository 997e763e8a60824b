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
# Crockford's base 32: without I, L, O and U, and reading I and L as 1 and O as 0.
CODE_LETTERS, CODE_LENGTH = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 12
LOOKALIKES = str.maketrans("ILO", "110")


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


def code(kind: str, what: str) -> str:
    """The short code, printed on documents, of ``what``: 12 letters and digits that are not taken for one another (60 bits
    of HMAC in Crockford's base 32). The same for the same thing; nobody can tell the code of another."""
    mac = int.from_bytes(salted_hmac(f"undersigned.code.{kind}", what, algorithm="sha256").digest()[:8])
    return "".join(CODE_LETTERS[mac >> shift & 31] for shift in range(0, 5 * CODE_LENGTH, 5))


def typed_code(words: str) -> str:
    """A code as it was typed, in the form in which it is stored: without spaces and hyphens, lookalikes put right."""
    kept = "".join(character for character in words.upper() if character.isalnum())
    return kept.translate(LOOKALIKES)


def grouped_code(code: str) -> str:
    """A code as it is printed: "K7QF-2M9X-TR4D"."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
