"""Opening workbooks and documents from strangers: zip archives of XML, unpacked in portions, never beyond a bound.

What is refused costs no more memory than what is read: sizes are added up while unpacking, whatever the archive says of
itself, XML is read as a stream, and a document type, which could name entities, ends the reading.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from .model import Unreadable

# A list of 10,000 rows and 20 columns unpacks to some 15 MB. Parts: a workbook of 100 sheets with pictures has some 500.
UNPACKED, MOST_PARTS, DEEPEST = 64 * 1024 * 1024, 2000, 200
MOST_LETTERS = 10_000_000  # in all cells or paragraphs
PORTION = 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls and .doc, and of what has a password
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)

Attributes = dict[str, str]


class Archive:
    """The parts of an office document. `ending` (".xlsx") is what it is called in the sentences of Unreadable."""

    def __init__(self, data: bytes, ending: str) -> None:
        """Raises Unreadable for an archive that is damaged, protected, too large, or holds macros."""
        self.ending, self.left = ending, UNPACKED
        if data.startswith(OLD_OFFICE):
            raise Unreadable(
                f"The file is protected by a password, or of an older format than {ending}: open it, take the password"
                f" away, and save it as {ending}."
            )
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as error:
            raise Unreadable(f"The file ends in {ending} but is no such file, or is damaged.") from error
        parts = self.zip.infolist()
        self.names = {part.filename for part in parts}
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
            raise self.too_large()
        if any(part.flag_bits & 1 for part in parts):
            raise Unreadable("The file is protected by a password: save it without one.")
        if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
            raise self.damaged()
        if any(name.lower().endswith("vbaproject.bin") for name in self.names):
            raise Unreadable(f"The file holds macros, which are not taken: save it as {ending} without them.")

    def too_large(self) -> Unreadable:
        """The refusal of what unpacks to more than is read."""
        return Unreadable(
            "The file unpacks to more than a list can be: copy the list alone into a new file, and upload that."
        )

    def damaged(self) -> Unreadable:
        """The refusal of what cannot be followed to its end."""
        return Unreadable(
            f"The file is damaged, or no {self.ending} file: open it, save it anew, and upload that."
        )

    def _portions(self, name: str) -> Iterator[bytes]:
        with self.zip.open(name) as part:
            while portion := part.read(PORTION):
                self.left -= len(portion)
                if self.left < 0:
                    raise self.too_large()
                yield portion

    def parse(
        self,
        name: str,
        begin: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Hands the XML of a part to the functions, element names without prefix. Raises Unreadable for XML that is
        malformed, nested too deep, or has a document type."""
        depth = 0

        def opened(tag: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > DEEPEST:
                raise self.damaged()
            begin(tag.rpartition(":")[2], attributes)

        def closed(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if end:
                end(tag.rpartition(":")[2])

        def document_type(*_: object) -> None:
            raise Unreadable("The file holds a document type or entities, which no list needs: save it anew.")

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = opened, closed
        parser.StartDoctypeDeclHandler = document_type
        if text:
            parser.CharacterDataHandler = text
        try:
            for portion in self._portions(name):
                parser.Parse(portion, False)
            parser.Parse(b"", True)
        except Unreadable:
            raise
        except (*BROKEN, expat.ExpatError, KeyError) as error:
            raise self.damaged() from error

    def main_part(self) -> str:
        """The part that the others belong to."""
        found = [target for kind, target in self.relations("").values() if kind == "officeDocument"]
        if not found:
            raise self.damaged()
        return found[0]

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """By id: the kind and the name of each part that `part` ("" for the archive) refers to inside the archive."""
        folder, slash, name = part.rpartition("/")
        found: dict[str, tuple[str, str]] = {}

        def begin(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                target = target[1:] if target.startswith("/") else posixpath.normpath(folder + slash + target)
                if target in self.names:
                    found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

        source = f"{folder}{slash}_rels/{name}.rels"
        if source in self.names:
            self.parse(source, begin)
        return found
