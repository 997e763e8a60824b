"""The marks of notes: the letter's own are numbered, the addresses of its links are lettered, so that a letter that
speaks of its note 2 still has it."""


class Marks:
    """Hands out the marks in the order in which they are asked for."""

    def __init__(self) -> None:
        self.own = self.links = 0

    def note(self) -> str:
        self.own += 1
        return str(self.own)

    def link(self) -> str:
        self.links += 1
        return lettered(self.links)


def lettered(n: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    out = ""
    while n:
        n, rest = divmod(n - 1, 26)
        out = chr(97 + rest) + out
    return out
