"""Bytes as text: by byte order mark, as UTF-8, else by which old encoding gives words of one script."""

import re
from dataclasses import dataclass

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# In the order in which equals are preferred.
CANDIDATES = ("cp1252", "cp1250", "cp1251", "koi8-r", "cp1256", "gb18030", "big5", "cp1253")
SAMPLE = 64 * 1024
# A word, with the signs inside or before it that a wrong encoding makes of letters.
WORD = re.compile(r"[£¥¢¯ª³¹¼¾]*[^\W\d_]+(?:[¿¡¹²³¶·¸º»«¼½¾¬®°±¦§£¥¤¢™]+[^\W\d_]+)*")
SIGNS = re.compile("[^\\w\\s\x00-\x7f«»“”„‘’–—…•·№©®°¿¡、。，；：（）《》「」・،؛؟]")
SCRIPTS = (
    ("latin", re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]+")),
    ("cyrillic", re.compile(r"[Ѐ-ӿ]+")),
    ("greek", re.compile(r"[Ͱ-Ͽ]+")),
    ("arabic", re.compile(r"[\u0600-\u06ff]+")),
    ("han", re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]+")),
)


# A character by a number that none has; the standard library's reader of such numbers fails at thousands of digits.
NO_CHARACTER = re.compile(r"&#(?:0*[1-9][0-9]{7,}|[xX]0*[1-9a-fA-F][0-9a-fA-F]{6,});?")


def bounded(text: str) -> str:
    """HTML in which no character is named by a number that none has."""
    return NO_CHARACTER.sub("\ufffd", text) if "&#" in text else text


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was in, and whether that is sure."""

    text: str
    encoding: str
    sure: bool


def _is_common(word: str) -> bool:
    """Whether Chinese characters are of those that people write (the first level of GB 2312 or of Big5)."""
    common = 0
    for char in word:
        simple, full = char.encode("gb2312", "ignore"), char.encode("big5", "ignore")
        common += (len(simple) == 2 and simple[0] <= 0xD7) or (len(full) == 2 and full[0] <= 0xC6)
    return common * 10 >= 9 * len(word)


def _weight(word: str) -> float:
    """How much a word speaks for the encoding that gave it, from 0 to its length."""
    script = next((name for name, letters in SCRIPTS if letters.fullmatch(word)), None)
    if script is None:
        return 0
    if script == "han":
        return len(word) if _is_common(word) else 0
    if script == "arabic":
        return len(word)
    lower = word[1:] == word[1:].lower() or word == word.upper()
    if script == "latin":
        strange = sum(not c.isascii() for c in word)
        return len(word) if lower and strange * 2 <= len(word) + 1 else 0
    if word[:1].islower() and word != word.lower():
        return 0
    # In capitals throughout, a language's words are in the wrong one of two encodings that swap the cases.
    return len(word) if lower and (word != word.upper() or len(word) < 3) else 0.4 * len(word) if lower else 0


def _plausible(data: bytes, encoding: str) -> float:
    """The share of the letters in words beyond ASCII that could be words of a language."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(data) - 4:
            return 0
        text = data[: error.start].decode(encoding, errors="replace")
    words = [word for word in WORD.findall(text) if not word.isascii()]
    letters = sum(map(len, words)) + len(SIGNS.findall(text))
    return sum(map(_weight, words)) / letters if letters else 0


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its spaces, line ends and Latin letters is nothing."""
    sample = data[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) * 20 > len(sample) and max(even, odd) > 8 * min(even, odd):
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def decoded(data: bytes) -> Decoded:
    """The text of any bytes. Never raises; what no encoding explains becomes the replacement character."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return Decoded(data.decode(encoding, errors="replace"), encoding, True)
    if wide := _wide(data):
        return Decoded(data.decode(wide, errors="replace"), wide, True)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", True)
    except UnicodeDecodeError:
        pass
    lines = [line for line in data.splitlines(keepends=True) if not line.isascii()]
    sample = b"".join(lines)[:SAMPLE]
    found = {encoding: _plausible(sample, encoding) for encoding in CANDIDATES}
    best = max(CANDIDATES, key=lambda encoding: round(found[encoding], 2))
    if found["cp1252"] >= 0.8:
        best = best if found[best] > found["cp1252"] + 0.1 else "cp1252"
    sure = best == "cp1252" and found[best] >= 0.8
    if not found[best]:
        best = "cp1252"
    return Decoded(data.decode(best, errors="replace"), best, sure)


def decode(data: bytes) -> str:
    """The text of any bytes, as `decoded` gives it."""
    return decoded(data).text
