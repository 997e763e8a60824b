"""The web server: gunicorn, with keys kept out of its logs."""

import logging
import os
import re
from urllib.parse import unquote

from gunicorn.glogging import Logger

# As in letters.logs, which cannot be imported yet when this file is read.
KEY = re.compile(r"(/(?:signatures|circulation|digests|invitations)/)[^/\s?\"']+")
CONTROL = dict.fromkeys(range(32), "?")


def redact(address: str) -> str:
    """The address with ``***`` in the place of every key, also where its letters are written as ``%73``."""
    plain = unquote(address)
    return KEY.sub(r"\1***", plain).translate(CONTROL) if KEY.search(plain) else address


class RedactErrors(logging.Filter):
    """A request that fails before Django sees it is named in the error log, by whatever object; its key is not."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if KEY.search(unquote(message)):
            record.msg, record.args = redact(message), ()
        return True


class RedactingLogger(Logger):
    """Writes ``***`` in the place of a key, wherever a line names an address."""

    def setup(self, cfg):  # type: ignore[no-untyped-def]
        super().setup(cfg)
        self.error_log.addFilter(RedactErrors())

    def atoms(self, resp, req, environ, request_time):  # type: ignore[no-untyped-def]
        atoms = super().atoms(resp, req, environ, request_time)
        return {name: redact(value) if isinstance(value, str) else value for name, value in atoms.items()}


logger_class = RedactingLogger
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "6"))
timeout = 30
graceful_timeout = 15
# A connection serves one request. Kept ones stay with the process that took them, so that one works while the other idles:
# the page of 1,000 names drawn anew came at 13 a second with kept connections, at 19 without (2 cores, 16 connections).
keepalive = 0
max_requests = 20000
max_requests_jitter = 2000
accesslog = os.environ.get("ACCESS_LOG") or None
forwarded_allow_ips = "127.0.0.1"
# No header names the part of an address (SCRIPT_NAME) or who is signed in: anybody on the same host could send one.
forwarder_headers = ""
