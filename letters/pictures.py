"""Uploaded pictures: what comes in is decoded, checked and written anew, so that nothing of the file's own gets out."""

import hashlib
import io
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
WIDEST, TALLEST = 2000, 4000
# A small file that unpacks to more is made to exhaust memory: each million of pixels takes about 14 MB while it is written
# anew. Telephones and cameras give 12 to 24 million; a JPEG, however large, is read at the size that is needed.
MOST_PIXELS, MOST_JPEG_PIXELS = 30_000_000, 120_000_000
# Words of other kinds of file. A picture that holds them is two files in one.
FOREIGN = (b"<svg", b"<script", b"<html", b"<!doctype", b"<?php", b"%pdf-")
ZIP_END = b"PK\x05\x06"
ZIP_TAIL = 66_000
NO_PICTURE = "no picture"  # the code of the error of a file that is none


def checked(upload: UploadedFile) -> ContentFile:
    """The picture, written anew without metadata, upright, at most 2000 pixels wide, named by its content's SHA-256.

    Takes JPEG, PNG and WebP up to ``PICTURE_MAX_BYTES``; raises ``ValidationError`` with a sentence for anything else.
    """
    if (upload.size or 0) > settings.PICTURE_MAX_BYTES:
        most = settings.PICTURE_MAX_BYTES // (1024 * 1024)
        raise ValidationError(
            _("The picture is larger than %(most)s MB; make it smaller and upload it again.") % {"most": most}
        )
    upload.seek(0)
    content = upload.read()
    if PurePath(upload.name or "").suffix.lower() in (".svg", ".svgz") or _is_foreign(content):
        raise ValidationError(
            _("This file is not a plain picture; upload a JPEG, PNG or WebP file."), code=NO_PICTURE
        )
    form, written = _rewritten(content)
    return ContentFile(written, name=f"{hashlib.sha256(written).hexdigest()[:40]}.{FORMATS[form]}")


def _is_foreign(content: bytes) -> bool:
    lower = content.lower()
    return any(mark in lower for mark in FOREIGN) or ZIP_END in content[-ZIP_TAIL:]


def _rewritten(content: bytes) -> tuple[str, bytes]:
    """Format and bytes of the picture, decoded and encoded again."""
    try:
        with Image.open(io.BytesIO(content), formats=list(FORMATS)) as opened:
            form = opened.format or ""
            if opened.width * opened.height > (MOST_JPEG_PIXELS if form == "JPEG" else MOST_PIXELS):
                raise ValidationError(
                    _("The picture has too many pixels; make it smaller and upload it again.")
                )
            opened.draft(None, (WIDEST, WIDEST))  # JPEG alone: decoded by halves, not smaller than that
            picture = _plain(ImageOps.exif_transpose(opened))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("This file cannot be read as a picture; upload a JPEG, PNG or WebP file."), code=NO_PICTURE
        ) from error
    if form == "JPEG" and picture.mode != "RGB":
        picture = picture.convert("RGB")
    picture.thumbnail((WIDEST, TALLEST), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    options: dict[str, dict[str, Any]] = {
        "PNG": {"optimize": True},
        "JPEG": {"quality": 86, "progressive": True, "optimize": True},
        "WEBP": {"quality": 86},
    }
    picture.save(out, form, **options[form])
    return form, out.getvalue()


def _plain(picture: Image.Image) -> Image.Image:
    """The pixels alone, in the colours of sRGB."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    picture = picture.convert(mode)
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB")) or picture
        except (ImageCms.PyCMSError, OSError):
            picture.info.clear()  # a profile that cannot be used: the numbers are taken as sRGB
    bare = Image.new(mode, picture.size)
    bare.paste(picture)
    return bare
