"""Keys and e-mail addresses stay out of the logs."""

import logging
import re

# The part of an address that opens something: a signature's page, a circulation, an invitation, a digest.
KEY = re.compile(r"(/+(?:signatures|circulation|digests|invitations|verify)/+)[^/\s?\"']+", re.IGNORECASE)
# What looks like a key of ours wherever it stands in an address.
LIKE_A_KEY = re.compile(r"(?<=/)[A-Za-z0-9_-]{32}(?=[/\s?\"']|$)")
# An e-mail address: a mail server's refusal quotes one.
# Each part at the longest that one has (RFC 5321, 4.5.3.1), so that no long run of characters is looked through again and again.
MAILBOX = re.compile(r"[^\s<>\"'(),:;@]{1,64}@[^\s<>\"'(),;]{1,255}")


def redact(text: str) -> str:
    """``text`` with every key in an address of the site, and every e-mail address, replaced by ``***``."""
    return MAILBOX.sub("***", LIKE_A_KEY.sub("***", KEY.sub(r"\1***", text)))


class RedactKeys(logging.Filter):
    """Replaces them in the message, its arguments and its traceback before a handler writes them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True
