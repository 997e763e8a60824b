"""The way that mail goes out, from the one setting ``EMAIL_URL``: files, a mail server, or a service over HTTP."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Service:
    """A mail service that Anymail speaks to: the settings of Anymail that the parts of its address are, and those that may
    or (``needs``) must stand in the query, in small letters and without the service's name."""

    name: str
    key: str = "API_KEY"
    secret: str = ""
    host: str = ""
    options: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        return self.name.upper().replace("-", "_")


# https://anymail.dev/en/stable/esps/ (Amazon SES needs its own library: use its SMTP address.)
SERVICES = {
    service.name: service
    for service in (
        Service("brevo"),
        Service("mailersend", key="API_TOKEN"),
        Service("mailgun", host="SENDER_DOMAIN"),
        Service("mailjet", secret="SECRET_KEY"),
        Service("mailtrap", key="API_TOKEN", options=("sandbox_id",)),
        Service("mandrill"),
        Service("postal", needs=("api_url",)),
        Service("postmark", key="SERVER_TOKEN", options=("message_stream",)),
        Service("resend"),
        Service("scaleway", key="SECRET_KEY", options=("region",), needs=("project_id",)),
        Service("sendgrid"),
        Service("sparkpost", options=("subaccount",)),
        Service("unisender-go", needs=("api_url",)),
    )
}
SERVERS = ("smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "memorymail", "dummymail")


def email_settings(url: str, var: Path, timeout: int = 30) -> dict[str, Any]:
    """Django's EMAIL_* settings, and Anymail's, from ``EMAIL_URL``; empty means one ``.eml`` file a message in
    ``var/mail``. ``timeout`` is in seconds. Raises ``ImproperlyConfigured``, in words that hold no part of the address but
    its scheme."""
    if not url:
        return {"EMAIL_BACKEND": "letters.mailfiles.EmailBackend", "EMAIL_FILE_PATH": str(var / "mail")}
    parts = split(url)
    if parts.scheme in SERVICES:
        anymail = of_service(SERVICES[parts.scheme], parts) | {"REQUESTS_TIMEOUT": timeout}
        backend = f"anymail.backends.{parts.scheme.replace('-', '_')}.EmailBackend"
        return {"EMAIL_BACKEND": backend, "ANYMAIL": anymail, "EMAIL_TIMEOUT": timeout}
    if parts.scheme not in SERVERS:
        known = ", ".join([*SERVERS[:4], *SERVICES])
        raise ImproperlyConfigured(f"EMAIL_URL begins with none of: {known}.")
    try:
        return dict(environ.Env.email_url_config(url), EMAIL_TIMEOUT=timeout)
    except (ValueError, KeyError):
        raise ImproperlyConfigured(
            "EMAIL_URL is not understood; write scheme://user:password@host:port."
        ) from None


def split(url: str) -> SplitResult:
    """The parts of the address."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ImproperlyConfigured(
            "EMAIL_URL is not understood; characters such as @ : / # ? in a name or a key are written as %40 %3A %2F %23 %3F."
        ) from None
    return parts


def of_service(service: Service, parts: SplitResult) -> dict[str, str]:
    """Anymail's settings for a service, such as ``mailgun://KEY@letters.example.org?api_url=https://…``."""
    key, secret = unquote(parts.username or ""), unquote(parts.password or "")
    form = (
        f"{service.name}://KEY{':SECRET' if service.secret else ''}@{'example.org' if service.host else ''}"
    )
    if not key or (service.secret and not secret):
        raise ImproperlyConfigured(f"EMAIL_URL lacks the key of {service.name}; write {form}.")
    if parts.path not in ("", "/") or (secret and not service.secret):
        raise ImproperlyConfigured(f"EMAIL_URL says more than {service.name} takes; write {form}.")
    found = {service.key: key}
    if service.secret:
        found[service.secret] = secret
    if service.host and parts.hostname:
        found[service.host] = parts.hostname
    asked = parse_qs(parts.query, keep_blank_values=True)
    known = {"api_url", *service.options, *service.needs}
    if asked.keys() - known:
        raise ImproperlyConfigured(
            f"EMAIL_URL: of {service.name}, only {', '.join(sorted(known))} may stand after “?”."
        )
    for name in service.needs:
        if not asked.get(name, [""])[-1]:
            raise ImproperlyConfigured(f"EMAIL_URL lacks {name}; write {form}?{name}=….")
    found |= {name.upper(): values[-1] for name, values in asked.items()}
    return {f"{service.prefix}_{name}": value for name, value in found.items()}
