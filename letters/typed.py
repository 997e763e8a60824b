"""What comes in as text and should be something else."""

LONGEST = 18  # digits that every database takes as a key


def whole(typed: str | None) -> int | None:
    """A key or a page that an address or a form gives; None where it is none, or longer than any can be."""
    return int(typed) if typed and typed.isdecimal() and len(typed) <= LONGEST else None


def wholes(value: str) -> list[int]:
    """The whole numbers in a list with commas between them, as a form of ours holds rows that were chosen; what is none, and zero,
    is passed over."""
    return [number for part in value.split(",") if (number := whole(part))]
