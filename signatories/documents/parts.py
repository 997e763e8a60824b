"""Recognising a letter's small parts: date and place, subject, salutation, addressees, closing, language."""

import datetime
import re
from collections import Counter

from signatories.matching import fold

from .model import ReadAddressee

# Month names, folded, January first; in one place those of several languages.
_MONTH_NAMES = (
    "january jan janvier enero januar janner gennaio janeiro января يناير januari ocak stycznia",
    "february feb fevrier febrero februar febbraio fevereiro февраля فبراير februari subat lutego",
    "march mar mars marzo marz maerz marco марта مارس maart mart marca",
    "april apr avril abril aprile апреля أبريل nisan kwietnia",
    "may mai mayo maggio maio мая مايو mei mayis maja",
    "june jun juin junio juni giugno junho июня يونيو haziran czerwca",
    "july jul juillet julio juli luglio julho июля يوليو temmuz lipca",
    "august aug aout agosto августа أغسطس augustus agustos sierpnia",
    "september sep sept septembre septiembre settembre setembro сентября سبتمبر eylul wrzesnia",
    "october oct octobre octubre oktober ottobre outubro октября أكتوبر ekim pazdziernika",
    "november nov novembre noviembre novembro ноября نوفمبر kasim listopada",
    "december dec decembre diciembre dezember dicembre dezembro декабря ديسمبر desember aralik grudnia",
)
MONTHS = {fold(name): number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}

ISO_DATE = re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b")
NUMBER_DATE = re.compile(r"\b(?P<d>\d{1,2})\s?[./-]\s?(?P<m>\d{1,2})\s?[./-]\s?(?P<y>\d{4})\b")
DAY_FIRST = re.compile(
    r"\b(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|°)?\.?\s+(?:de\s+"
    r"|of\s+)?(?P<m>[^\W\d_]{3,})\.?,?\s+(?:de[l]?\s+)?(?P<y>\d{4})\b"
)
MONTH_FIRST = re.compile(r"\b(?P<m>[^\W\d_]{3,})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})\b")
WEEKDAY_OR_ARTICLE = re.compile(
    r"^(?:date|datum|fecha|data|дата|التاريخ|published|posted|updated|publie)\s*(?:on|le|:)?\s*|^(?:le|den"
    r"|on|el|il|am)\s+"
    r"|^(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+",
    re.IGNORECASE,
)
LAST_ARTICLE = re.compile(
    r"(?:^|[,\s])(?:le|den|on|the|el|il|am|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s*$", re.IGNORECASE
)

SUBJECT = re.compile(
    r"^(?:re|subject|concerning|objet|concerne|betreff|betrifft|betreft|asunto|assunto|oggetto|тема|الموضوع"
    r"|konu|dotyczy)\s*[:：]\s*(?P<text>.+)$",
    re.IGNORECASE,
)
SALUTATION = re.compile(
    r"^(?:(?:my\s+)?dear\b|your\s+(?:excellenc|majest|royal|honou?r)|excellenc|honou?rable\b|to\s+whom\b"
    r"|(?:dear\s+)?(?:sirs?|madam)\b|mesdames|messieurs"
    r"|monsieur|madame|cher\b|chere\b|chers\b|sehr\s+geehrte|liebe[rs]?\b|estimad|querid|distinguid"
    r"|excelentisim|senor|senora|egregi|gentil|spettabil"
    r"|illustrissim|exm[oa]|excelentissim|car[oa]\b|prezad|geachte|szanown|уважаем|господин|السيد|سعادة"
    r"|معالي|حضرة|فخامة|sayin\b|tisztelt|vazen)",
)
GENERAL_ADDRESS = frozenset(
    (
        "sir",
        "madam",
        "sirs",
        "sir or madam",
        "madam or sir",
        "sir/madam",
        "madam/sir",
        "all",
        "friends",
        "colleagues",
        "excellencies",
        "excellency",
        "your excellency",
        "your excellencies",
        "whom it may concern",
        "monsieur",
        "madame",
        "mesdames",
        "messieurs",
        "madame, monsieur",
        "mesdames, messieurs",
        "damen und herren",
    )
)
DEAR = re.compile(
    r"^(?:my\s+)?(?:dear|chers?|chère|chères|sehr\s+geehrte[rns]?|liebe[rs]?|estimad[oa]s?|querid[oa]s?"
    r"|distinguid[oa]s?|egregi[oa]?|gentile|car[oa]|prezad[oa]s?"
    r"|geachte|szanown[aey]|уважаем\w+|to)\s+",
    re.IGNORECASE,
)
TO = re.compile(
    r"^(?:to|à l['’]attention de|a l['’]attention de|an|an die|an den|para|a|destinataires?|addressees?"
    r"|кому|إلى)\s*[:：]\s*",
    re.IGNORECASE,
)
PERSON_TITLE = re.compile(
    r"^(?:(?:her|his|your)\s+excellency|h\.?e\.?|the\s+(?:right\s+)?hon|mr|mrs|ms|dr|prof|ambassador"
    r"|president|minister|prime\s+minister|commissioner|senator|madam"
    r"|chancellor|secretary|director|king|sir|dame|lord|s\.?e\.?m?|m\.|mme|sr|sra|herr|frau)\b",
    re.IGNORECASE,
)

STOP_WORDS = {
    "en": "the and of to in that for with we our this by",
    "fr": "le la les des et que nous pour dans une est du aux",
    "es": "el los las de y que en por para una del con nuestra",
    "pt": "os as que para uma não com em dos das ao são",
    "it": "il che di per gli della nel sono una con del alla",
    "de": "der die und das wir den mit für von ist nicht ein",
    "nl": "de het een van en dat wij voor met niet op zijn",
    "pl": "nie się na że jest oraz przez dla do w z i",
    "tr": "ve bir bu için ile olarak olan da de",
    "id": "yang dan di untuk dengan dari ini pada kami",
    "sr": "je i da se za na su u od koji",
}
SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("fa", re.compile(r"[پچژگ]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("uk", re.compile(r"[іїєґ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)


def find_date(text: str) -> tuple[datetime.date, tuple[int, int]] | None:
    """The first date in `text` and where it stands. Numeric dates are read day first, as outside the US."""
    for pattern in (ISO_DATE, NUMBER_DATE, DAY_FIRST, MONTH_FIRST):
        for found in pattern.finditer(text):
            month = found["m"]
            number = int(month) if month.isdigit() else MONTHS.get(fold(month), 0)
            try:
                return datetime.date(int(found["y"]), number, int(found["d"])), found.span()
            except ValueError:
                continue
    return None


def is_ambiguous(text: str) -> bool:
    """Whether a date in numbers could be read month first, too."""
    found = NUMBER_DATE.search(text)
    return bool(found) and int(found["m"]) <= 12 >= int(found["d"]) != int(found["m"])  # type: ignore[index]


def read_dateline(text: str) -> tuple[datetime.date, str] | None:
    """Date and place of a line that is only these ("Geneva, 22 June 2018"), None for any other."""
    found = find_date(text) if len(text) <= 80 else None
    if found is None:
        return None
    day, (start, end) = found
    if text[end:].strip(" .,"):
        return None
    place = text[:start].strip()
    for _ in range(3):
        place = LAST_ARTICLE.sub("", WEEKDAY_OR_ARTICLE.sub("", place + " ")).strip(" ,،、:–-|")
    return (day, place) if place.count(" ") < 4 and not any(c.isdigit() for c in place) else None


def is_salutation(text: str) -> bool:
    """A short line that addresses somebody."""
    if len(text) > 160 or not SALUTATION.match(fold(text)):
        return False
    return text.rstrip()[-1] in ",:!،،：" or (text.count(" ") <= 7 and not text.rstrip().endswith("."))


def addressees_of_salutation(text: str) -> list[ReadAddressee]:
    """Those whom a salutation names: "Dear Ambassador Reyes," gives one, "Dear Sir," nobody."""
    name = DEAR.sub("", text.strip().rstrip(",:!،： ")).strip()
    if fold(name) in GENERAL_ADDRESS or not name:
        return []
    parts = re.split(r",\s+(?:dear\s+)?|\s+(?:and|et|y|und)\s+(?:dear\s+)?", name)
    several = len(parts) > 1 and all(PERSON_TITLE.match(part) and " " in part for part in parts)
    return [ReadAddressee(part.strip(), "", "") for part in (parts if several else [name]) if part.strip()]


def is_address(lines: list[str]) -> bool:
    """A block of short lines without sentences, as an address is set, or a "To:" line."""
    if lines and TO.match(lines[0]):
        return True
    short = all(
        len(line) < 90 and not re.search(r"[.!?]$", re.sub(r"\b\w{1,4}\.$", "", line)) for line in lines
    )
    return len(lines) >= 2 and short


def read_addressee(lines: list[str]) -> ReadAddressee | None:
    """Name, function and body from an address: one part a line, or parted by commas in a single line."""
    parts = [TO.sub("", line).strip(" ,;") for line in lines]
    parts = [part for part in parts if part]
    if len(parts) == 1:
        parts = [part.strip() for part in parts[0].split(",") if part.strip()]
    if not parts:
        return None
    return ReadAddressee(parts[0], parts[1] if len(parts) > 1 else "", ", ".join(parts[2:]))


def language_of(text: str) -> str:
    """A BCP 47 tag by script, or by the commonest small words; empty when nothing tells."""
    letters = [c for c in text if c.isalpha()]
    foreign = sum(ord(c) > 0x36F for c in letters)
    if letters and foreign * 2 > len(letters):
        for language, pattern in SCRIPTS:
            if len(pattern.findall(text)) * 100 >= len(letters):
                return language
    words = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    scores = {tag: sum(words[word] for word in stops.split()) for tag, stops in STOP_WORDS.items()}
    best = max(scores, key=lambda tag: scores[tag])
    return best if scores[best] >= 3 else ""
