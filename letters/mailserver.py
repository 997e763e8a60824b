"""What a mail server, or a mail service over HTTP, is told and what its answers mean."""

import smtplib
import sys
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from letters.logs import redact

# Services that give each message a Message-ID of their own keep this header, by which a report finds its message.
OWN_ID = "X-Undersigned-ID"
# HTTP answers to this very message, which will be the same next time; all others may be of the hour or of the account.
FINAL_ANSWERS = (400, 413, 422)
LONGEST_WORDS = 500


class NotTaken(Exception):
    """A service answered, and did not take the message; ``final`` is whether for good."""

    def __init__(self, words: str, *, final: bool) -> None:
        super().__init__(words)
        self.final = final


def address(mail: EmailMessage, *, mailer: BaseEmailBackend) -> None:
    """Gives the message the envelope and the headers that its way out needs.

    Over SMTP reports go to ``BOUNCE_ADDRESS`` where it is set (MAIL FROM, RFC 5321, 3.3) while From stays. A service has an
    envelope of its own, and may have a Message-ID of its own: there ours stands in a second header.
    """
    headers: dict[str, Any] = mail.extra_headers
    service = getattr(mailer, "esp_name", "")
    if service:
        headers[OWN_ID] = headers["Message-ID"]
        if service == "Postmark":
            headers["X-PM-KeepID"] = "true"  # which keeps our Message-ID
    elif settings.BOUNCE_ADDRESS and isinstance(mailer, SmtpBackend):
        headers.setdefault("From", mail.from_email)
        mail.from_email = settings.BOUNCE_ADDRESS


def check(mail: EmailMessage) -> None:
    """Raises ``NotTaken`` where Anymail says nothing (it raises of addresses alone) though the service took no message."""
    status = getattr(mail, "anymail_status", None)
    if status is None or not status.status:
        return
    answer = getattr(status.esp_response, "status_code", 200)
    if status.status <= {"failed", "invalid", "rejected"} or answer >= 400:
        words = f"{answer} {getattr(status.esp_response, 'text', '')}"
        raise NotTaken(words, final=answer in FINAL_ANSWERS or status.status <= {"invalid", "rejected"})


def is_final(error: Exception) -> bool:
    """Whether it refused for good: an SMTP reply of class 5 to this message or its recipient (RFC 5321, 4.2.1), or a
    service's answer that the message or the address cannot be. A refusal of the session (sign-in, greeting, key, too
    many at once) says nothing about the message and is tried again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return False
    if isinstance(error, NotTaken):
        return error.final
    if _of_service(error, "AnymailAPIError"):
        return getattr(error, "status_code", None) in FINAL_ANSWERS
    if _of_service(error, "AnymailError"):
        return True  # every recipient refused, or what the service cannot send
    return isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600


def is_answer(error: Exception) -> bool:
    """Whether a server, or the way to it, is what failed, and not our own code."""
    return isinstance(error, smtplib.SMTPException | OSError | NotTaken) or _of_service(error, "AnymailError")


def describe(error: Exception) -> str:
    """The error in a line for the desk and the log, without keys, and without the addresses that mail servers quote."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        error = smtplib.SMTPResponseException(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        words = (
            error.smtp_error.decode("utf-8", "replace")
            if isinstance(error.smtp_error, bytes)
            else error.smtp_error
        )
        return plain(f"{error.smtp_code} {words}")
    if isinstance(error, NotTaken) or _of_service(error, "AnymailError"):
        return plain(str(error))
    return plain(f"{type(error).__name__}: {error}")


def plain(words: str) -> str:
    """A server's words on one line, as they may be stored and logged: no address, no key, no secret of the settings."""
    for secret in _secrets():
        words = words.replace(secret, "***")
    return redact(" ".join(words[: 8 * LONGEST_WORDS].replace("\0", " ").split()))[:LONGEST_WORDS]


def _secrets() -> list[str]:
    named = getattr(settings, "ANYMAIL", {})
    found = [str(value) for name, value in named.items() if name.endswith(("_KEY", "_TOKEN"))]
    return [secret for secret in (*found, settings.EMAIL_HOST_PASSWORD or "") if len(secret) >= 4]


def _of_service(error: Exception, name: str) -> bool:
    """Whether it is Anymail's error of that name. Its module is loaded where mail goes through a service, and is spared
    (a tenth of a second for each process) where it does not."""
    exceptions = sys.modules.get("anymail.exceptions")
    return exceptions is not None and isinstance(error, getattr(exceptions, name))
