"""Settings read from the environment, loud on a value that is not understood."""

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


class Environment:
    """The process's environment, with ``.env`` of the project's root beneath it (the environment wins)."""

    def __init__(self, root: Path, variables: Mapping[str, str] | None = None) -> None:
        self.env = environ.Env()
        if variables is not None:
            self.env.ENVIRON = dict(variables)  # type: ignore[assignment]
        elif (root / ".env").exists():
            environ.Env.read_env(root / ".env")

    def text(self, name: str, default: str = "") -> str:
        """The variable without surrounding white space, or ``default`` when it is absent."""
        return self.env.str(name, default=default).strip()

    def flag(self, name: str, default: bool) -> bool:
        """True or false; raises ``ImproperlyConfigured`` on anything that is neither."""
        value = self.text(name, "1" if default else "0").lower()
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise ImproperlyConfigured(f"{name} is “{value}”; write 1 or 0.")

    def number(self, name: str, default: int, least: int = 0) -> int:
        """A whole number not below ``least``; raises ``ImproperlyConfigured`` otherwise."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"\d+", value) or int(value) < least:
            raise ImproperlyConfigured(f"{name} is “{value}”; write a whole number, {least} or more.")
        return int(value)

    def secret(self, name: str) -> str:
        """A secret that others send us, or nothing; raises ``ImproperlyConfigured`` on one that could be guessed."""
        value = self.text(name)
        if value and (len(value) < 20 or len(set(value)) < 5):
            raise ImproperlyConfigured(f"{name} can be guessed; write 20 or more random characters.")
        return value

    def items(self, name: str) -> list[str]:
        """A comma-separated list; empty items are dropped."""
        return [item.strip() for item in self.text(name).split(",") if item.strip()]

    def colour(self, name: str, default: str) -> str:
        """A colour as ``#rrggbb``; raises ``ImproperlyConfigured`` otherwise."""
        value = self.text(name, default)
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise ImproperlyConfigured(f"{name} is “{value}”; write a colour such as #0b4f6c.")
        return value

    def database(self, var: Path) -> dict[str, Any]:
        """Django's DATABASES entry from ``DATABASE_URL``: SQLite in ``var`` unless it names PostgreSQL."""
        url = self.text("DATABASE_URL") or f"sqlite:///{var / 'undersigned.sqlite3'}"
        try:
            settings = dict(self.env.db_url_config(url))
        except (ValueError, KeyError) as error:
            raise ImproperlyConfigured(f"DATABASE_URL is not understood: {error}") from error
        engine = settings.get("ENGINE", "")
        if engine.endswith("sqlite3"):
            # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, so two
            # writers wait for each other instead of failing midway; FULL keeps what was committed
            # through a loss of power, which is promised to whoever saw "received".
            settings["OPTIONS"] = {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            }
            # A test database on disk, since a database in memory cannot be shared by threads and a live server.
            settings["TEST"] = {"NAME": str(var / "test.sqlite3")}
        elif engine.endswith("postgresql"):
            size = self.number("DATABASE_POOL_SIZE", 8, least=1)
            settings["CONN_MAX_AGE"] = 0  # the pool keeps the connections
            options = settings.setdefault("OPTIONS", {})
            options["pool"] = {"min_size": 1, "max_size": size, "timeout": 10}
        else:
            raise ImproperlyConfigured("DATABASE_URL must begin with sqlite: or postgres:.")
        return settings

    def secret_key(self, debug: bool, var: Path) -> str:
        """``SECRET_KEY``; while ``debug`` one is made and kept in ``var``; else a missing or weak one raises."""
        key = self.text("SECRET_KEY")
        if debug and not key:
            return kept_key(var / "secret_key")
        weak = len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-")
        if not debug and weak:
            raise ImproperlyConfigured(
                "SECRET_KEY is missing or weak; write 50 or more random characters, for example from: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
            )
        return key


def kept_key(path: Path) -> str:
    """The secret of this folder, made at the first call, so that links in mail survive a restart."""
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(64))
        except OSError as error:
            raise ImproperlyConfigured(f"{path.parent} cannot be written to ({error.strerror}).") from error
    return path.read_text().strip()
