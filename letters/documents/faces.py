"""Which typefaces a language is set in, and how a name of another direction stands in a line."""

from typing import Any

LATIN = "Source Serif 4"
SANS = "Source Sans 3"
ARABIC, DEVANAGARI = "Noto Naskh Arabic", "Noto Serif Devanagari"
# Languages with a bold of their own, and those whose script knows no italic or has but one weight here.
BOLD = {"ar", "fa", "ur", "ps", "ckb", "sd", "ug", "hi", "mr", "ne"}
WITH_ITALICS = {"LATN", "CYRL", "GREK"}
CJK = {"zh", "ja", "ko"}
UPRIGHT = (
    BOLD
    | CJK
    | {"he", "yi", "th", "lo", "km", "my", "hy", "ka", "bn", "gu", "pa", "kn", "ml", "si", "ta", "te"}
)
UPRIGHT |= {"bo", "am", "ti", "dv", "nqo", "syr", "mn", "or"}
REST = [
    *(
        f"Noto Serif {script}"
        for script in ("Hebrew", "Armenian", "Georgian", "Ethiopic", "Thai", "Lao", "Khmer")
    ),
    *(
        f"Noto Serif {script}"
        for script in ("Myanmar", "Bengali", "Gujarati", "Gurmukhi", "Kannada", "Malayalam")
    ),
    *(f"Noto Serif {script}" for script in ("Sinhala", "Tamil", "Telugu", "Tibetan")),
    *(
        f"Noto Sans {script}"
        for script in ("Oriya", "Thaana", "NKo", "Syriac", "Tifinagh", "Mongolian", "Cherokee")
    ),
    *(f"Noto Sans {script}" for script in ("CanAborig", "Ol Chiki", "Symbols")),
]
FSI, RLI, LRI, PDI = "\u2068", "\u2067", "\u2066", "\u2069"
# Marks that turn the direction of what follows them, in the words of somebody who may want just that.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def base(language: str) -> str:
    """The language of a tag without script and region; empty where the tag names only a script."""
    first = language.split("-")[0].lower()
    return "" if first == "und" or not 2 <= len(first) <= 3 else first


def region(language: str) -> str | None:
    """The region of a tag, as in pt-BR; for Chinese also the one that its script stands for."""
    parts = language.split("-")[1:]
    found = next((part.upper() for part in parts if len(part) == 2), None)
    if found is None and base(language) == "zh":
        return "TW" if "hant" in (part.lower() for part in parts) else "CN"
    return found


def han(language: str) -> str:
    """The face for Chinese characters, whose forms differ from language to language."""
    first = base(language)
    if first == "ja":
        return "Noto Serif CJK JP"
    if first == "ko":
        return "Noto Serif CJK KR"
    place = region(language) if first == "zh" else None
    return "Noto Serif CJK " + {"TW": "TC", "HK": "HK", "MO": "HK"}.get(place or "", "SC")


def serif(language: str) -> list[Any]:
    """The faces that a letter in the language is set in, the first that has a character drawing it."""
    return _faces(LATIN, language)


def sans(language: str) -> list[Any]:
    """The same for what serves: labels, numbers, countries."""
    return _faces(SANS, language)


def _faces(latin: str, language: str) -> list[Any]:
    # In a CJK text quotation marks and dashes are those of the CJK face.
    first = {"name": latin, "covers": "latin-in-cjk"} if base(language) in CJK else latin
    return [first, ARABIC, DEVANAGARI, han(language), "Noto Serif", *REST]


def has_italics(language: str) -> bool:
    return base(language) not in UPRIGHT


def one_weight(language: str) -> bool:
    """Whether the script has no bold here, so that strokes are thickened."""
    return base(language) in UPRIGHT - BOLD


def isolated(text: str, own: str, around: str) -> str:
    """Words of a direction of their own within others, so that neither turns the other round."""
    calm = text.translate(TURNING)
    if own == around and calm == text:
        return text
    return f"{RLI if own == 'rtl' else LRI}{calm}{PDI}"


def apart(text: str, around: str) -> str:
    """Words of a direction that nobody told, such as an addressee's: in a letter that reads from right to left each such
    piece finds its own."""
    return f"{FSI}{text}{PDI}" if around == "rtl" else text
