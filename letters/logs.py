"""Keys and e-mail addresses stay out of the logs."""

import logging
import re

# The part of an address that opens something: a signature's page, a circulation, an invitation, a digest.
KEY = re.compile(r"(/(?:signatures|circulation|digests|invitations)/)[^/\s?\"']+")
# An e-mail address: a mail server's refusal quotes one.
MAILBOX = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),;]+")


def redact(text: str) -> str:
    """``text`` with every key in an address of the site, and every e-mail address, replaced by ``***``."""
    return MAILBOX.sub("***", KEY.sub(r"\1***", text))


class RedactKeys(logging.Filter):
    """Replaces them in the message, its arguments and its traceback before a handler writes them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True
