"""Writes which characters the typefaces of the documents have: ``.venv/bin/python tools/coverage.py [--check]``.

The list is kept beside the typefaces, so that nobody reads 30 MB to learn whether a name can be set.
"""

import sys
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

FOLDER = Path(__file__).resolve().parent.parent / "letters" / "documents" / "fonts"


def characters() -> set[int]:
    """Every code point that at least one typeface draws."""
    found: set[int] = set()
    for path in sorted(FOLDER.glob("*.tt?")):
        faces = TTCollection(path).fonts if path.suffix == ".ttc" else [TTFont(path, lazy=True)]
        for face in faces:
            found |= set(face.getBestCmap())
    return found


def ranges(points: set[int]) -> str:
    """Code points as lines of hexadecimal ranges, ``0020-007E``."""
    lines: list[str] = []
    start = last = -1
    for point in [*sorted(points), -2]:
        if point != last + 1:
            if start >= 0:
                lines.append(f"{start:04X}-{last:04X}" if last > start else f"{start:04X}")
            start = point
        last = point
    return "\n".join(lines) + "\n"


def main() -> int:
    path, text = FOLDER / "coverage.txt", ranges(characters())
    if "--check" in sys.argv:
        return 0 if path.read_text() == text else 1
    path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
