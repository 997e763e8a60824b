"""The words in a document, whatever its form, for tests."""

import io
import zipfile

from pypdf import PdfReader


def words_of(content: bytes, form: str) -> str:
    """Everything that can be read in a PDF, in every part of a Word document, or in a text."""
    if form == "pdf":
        reader = PdfReader(io.BytesIO(content))
        head = str(reader.metadata) + str(reader.outline)
        return head + "\n".join(page.extract_text() for page in reader.pages)
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return content.decode()
