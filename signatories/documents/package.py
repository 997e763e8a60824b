"""The parts of an office document, which is a zip file of XML, opened without trust: bounded, and without entities."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from .model import Unreadable

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_PARTS = 5000
LARGEST_PARTS = 48 * 1024 * 1024  # bytes of all parts that are read of one file, unpacked
MOST_MARKS = 2_500_000  # opening and closing tags of a part; a tree takes far more memory than its bytes
CHUNK = 256 * 1024
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


class Package:
    """An office document in memory. Parts are unpacked only when they are asked for; pictures never are."""

    def __init__(self, name: str, data: bytes) -> None:
        """``name`` is for the sentences. Raises Unreadable for what is no such document, or damaged, or locked."""
        self.name, self.left = name, LARGEST_PARTS
        if data.startswith(OLE):
            raise Unreadable(
                f"“{name}” is an old Word file or locked by a password: open it in an office program and save it as .docx without a password."
            )
        if not data.startswith(ZIP):
            raise Unreadable(f"“{name}” is no Word document, whatever its ending says.")
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
            raise self.damaged() from error
        members = self.zip.infolist()
        if len(members) > MOST_PARTS:
            raise self.too_large()
        # The format knows these two ways alone (ISO 29500-2); others unpack in steps that cannot be bounded.
        if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
            raise self.damaged()
        if any(member.flag_bits & 1 for member in members):
            raise Unreadable(f"“{name}” is locked by a password: save it without one.")
        self.members = {member.filename.lstrip("/"): member for member in members}

    def damaged(self) -> Unreadable:
        return Unreadable(
            f"“{self.name}” is damaged: open it in an office program and save it as .docx once more."
        )

    def too_large(self) -> Unreadable:
        return Unreadable(f"“{self.name}” unpacks to far more than any letter holds; it is not read.")

    def names(self, end: str) -> list[str]:
        """The parts whose name ends so."""
        return [name for name in self.members if name.lower().endswith(end)]

    def read(self, name: str) -> bytes:
        """A part's bytes. Counts what really comes out: what a file says of its own size proves nothing."""
        member = self.members.get(name)
        if member is None:
            raise self.damaged()
        if member.file_size > self.left:
            raise self.too_large()
        pieces: list[bytes] = []
        try:
            with self.zip.open(member) as stream:
                while piece := stream.read(CHUNK):
                    self.left -= len(piece)
                    if self.left < 0:
                        raise self.too_large()
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            if isinstance(error, Unreadable):
                raise
            raise self.damaged() from error
        return b"".join(pieces)

    def tree(self, name: str) -> Any:
        """A part's root element. Raises Unreadable for XML that is damaged or declares a document type."""
        data = self.read(name)
        if data.count(b"<") > MOST_MARKS:
            raise self.too_large()
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise self.damaged() from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise Unreadable(f"“{self.name}” holds entities, which no office program writes; it is not read.")
        return root

    def relations(self, part: str) -> Iterator[tuple[str, str, str, bool]]:
        """What a part refers to: (identity, kind, target, whether it lies outside). An inner target is a part's name."""
        folder, name = posixpath.split(part)
        found = posixpath.join(folder, "_rels", f"{name}.rels")
        if found not in self.members:
            return
        for relation in self.tree(found).iter(f"{RELATIONS}Relationship"):
            target, outside = relation.get("Target", ""), relation.get("TargetMode") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], target, outside
