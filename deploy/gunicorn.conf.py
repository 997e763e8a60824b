"""The web server: gunicorn, with keys kept out of its logs."""

import os
import re

from gunicorn.glogging import Logger

KEY = re.compile(r"(/(?:signatures|circulation|invitations)/)[^/\s?\"']+")


class RedactingLogger(Logger):
    """Writes ``***`` in the place of a key, wherever an access line names an address."""

    def atoms(self, resp, req, environ, request_time):  # type: ignore[no-untyped-def]
        atoms = super().atoms(resp, req, environ, request_time)
        return {name: KEY.sub(r"\1***", value) if isinstance(value, str) else value for name, value in atoms.items()}


logger_class = RedactingLogger
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 15
keepalive = 5
max_requests = 20000
max_requests_jitter = 2000
accesslog = os.environ.get("ACCESS_LOG") or None
forwarded_allow_ips = "127.0.0.1"
