"""The forms in which a document is given out: what makes each of a ``LetterDocument``, and its media type."""

from collections.abc import Callable

from letters import attachments
from letters.documents import docx, pdf, text
from letters.documents.model import LetterDocument

FORMS: dict[str, Callable[[LetterDocument], bytes]] = {
    "pdf": pdf.render,
    "docx": docx.render,
    "txt": text.render,
}
TYPES = {
    "pdf": attachments.TYPES["pdf"],
    "docx": attachments.TYPES["docx"],
    "txt": "text/plain; charset=utf-8",
}
