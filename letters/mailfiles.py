"""Mail as files: one ``.eml`` a message, for trying the site without a mail server."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes each message to ``EMAIL_FILE_PATH`` under a name made from its Message-ID, so that the same message
    given twice is one file; written beside and renamed, so that no half message is ever seen."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # mail holds names and keys
        for message in email_messages:
            content = message.message()
            name = re.sub(r"[^A-Za-z0-9.-]+", "_", str(content["Message-ID"]).strip("<>"))[:120]
            part = folder / f".{name}.part"
            part.write_bytes(content.as_bytes(linesep="\r\n"))
            os.replace(part, folder / f"{name}.eml")
        return len(email_messages)
