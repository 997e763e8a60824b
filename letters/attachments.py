"""Files that an addressee answered with: their kind is told by what is in them, never by their name."""

import hashlib
import io
import zipfile
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from letters import pictures

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {
    "pdf": "application/pdf",
    "docx": WORD,
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
ACCEPT = ",".join(TYPES.values())
WORD_PARTS = {"[Content_Types].xml", "word/document.xml"}
MACROS = "vbaproject.bin"


def checked(upload: UploadedFile) -> ContentFile:
    """The file, named by its content's SHA-256: a PDF or a Word document as it is, a picture written anew without what a
    camera tells (``letters.pictures``). Raises ``ValidationError`` with a sentence for anything else, and for a file larger
    than ``RESPONSE_MAX_BYTES``."""
    if (upload.size or 0) > settings.RESPONSE_MAX_BYTES:
        most = settings.RESPONSE_MAX_BYTES // (1024 * 1024)
        raise ValidationError(
            _("The file is larger than %(most)s MB; make it smaller and upload it again.") % {"most": most}
        )
    upload.seek(0)
    content = upload.read()
    kind = kind_of(content)
    if not kind:
        try:
            return pictures.checked(upload)
        except ValidationError as error:
            if error.code == pictures.NO_PICTURE:
                raise ValidationError(_refusal()) from error
            raise
    return ContentFile(content, name=f"{hashlib.sha256(content).hexdigest()[:40]}.{kind}")


def kind_of(content: bytes) -> str:
    """``pdf`` or ``docx``, or empty for anything that is to be tried as a picture. Raises ``ValidationError`` for a Word
    document with macros and for an archive that is none."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if not content.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ValidationError(_refusal()) from error
    if not names >= WORD_PARTS or any(name.lower().endswith(MACROS) for name in names):
        raise ValidationError(_refusal())
    return "docx"


def _refusal() -> str:
    return _("This file is not one that is taken; upload a PDF, a Word document (.docx) or a picture.")


def extension_of(name: str) -> str:
    """The kind of a stored file, by the name that ``checked`` gave it."""
    return name.rpartition(".")[2]


def type_of(name: str) -> str:
    """The media type of a stored file."""
    return TYPES.get(extension_of(name), "application/octet-stream")


def words_for(name: str) -> Any:
    """The kind of a stored file as a person says it."""
    return {"pdf": "PDF", "docx": "Word"}.get(extension_of(name), pgettext("kind of a file", "picture"))
