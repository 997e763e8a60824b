"""The publisher's logo as a file, for documents, which cannot link to it."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

from letters.documents.model import Logo

KINDS = {"png": "png", "jpg": "jpg", "jpeg": "jpg", "svg": "svg", "gif": "gif", "webp": "webp"}
LARGEST = 1024 * 1024  # bytes; a logo that is larger slows down every document


def site_logo() -> Logo | None:
    """The site's logo where it is a readable picture below the static or the media files of this machine, else None."""
    name = settings.SITE_LOGO
    kind = KINDS.get(name.rpartition(".")[2].lower(), "")
    path = _file(unquote(urlsplit(name).path)) if kind and "//" not in name else None
    if path is None or not path.is_file() or path.stat().st_size > LARGEST:
        return None
    return Logo(kind, path.read_bytes())


def _file(address: str) -> Path | None:
    """The file behind an address of this host; None outside the folders that are served."""
    if address.startswith(settings.STATIC_URL):
        relative = address.removeprefix(settings.STATIC_URL)
    elif address.startswith("/"):
        return None
    else:
        relative = address
    if ".." in relative.split("/"):
        return None
    found = finders.find(relative)
    return Path(found) if isinstance(found, str) else _below(Path(settings.STATIC_ROOT), relative)


def _below(folder: Path, relative: str) -> Path | None:
    path = folder / relative
    return path if path.is_file() else None
