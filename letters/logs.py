"""Keys stay out of the logs."""

import logging
import re

# The part of an address that opens something: a signature's page, a circulation, an invitation.
KEY = re.compile(r"(/(?:signatures|circulation|invitations)/)[^/\s?\"']+")


def redact(text: str) -> str:
    """``text`` with the key of every address replaced by ``***``."""
    return KEY.sub(r"\1***", text)


class RedactKeys(logging.Filter):
    """Replaces keys in the message, its arguments and its traceback before a handler writes them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True
