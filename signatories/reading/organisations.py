"""One organisation as printed: its name, acronym, country and what else stands beside the name."""

import re
from dataclasses import dataclass

from signatories.matching import fold

from .cities import is_city
from .countries import is_place
from .words import CAPACITY, GENERIC_NOUNS, LEGAL_FORM, ORGANISATION_WORDS

LAST_BRACKET = re.compile(
    r"^(?P<before>.*?\S)\s*[(（\[](?P<inside>[^()（）\[\]]*(?:\([^()]*\))?[^()（）\[\]]*)[)）\]]\s*(?P<after>[^()（）\[\]]*)$"
)
FIRST_ACRONYM = re.compile(
    r"^(?P<short>[^\s()]{2,14})\s*(?:\s[-–—]\s?|[-–—:]\s|\s[-–—])\s*(?P<long>\S.*\s.*|\S{8,})$"
)
LAST_ACRONYM = re.compile(r"^(?P<long>.*\S)\s+[-–—]\s?(?P<short>[^\s()]{2,16})$")
PLAIN_ACRONYM = re.compile(r"^(?P<long>.*\S)(?:\s+|(?<=[a-zà-ÿ])-)(?P<short>[A-ZÀ-Þ]{3,9})$")
LINK = re.compile(
    r"[\s:,–—-]*(?:[(<\[]\s*(?:(?:https?://|www\.)[^\s()<>\[\]]+|[^\s()<>\[\]@]+@[^\s()<>\[\]@]+)\s*[)>\]]"
    r"|\s(?:https?://|www\.)\S+|\s[–—-]\s[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}(?:/\S*)?|\s[^\s@]+@[^\s@]+)$"
)
SLOGAN = re.compile(r"^(?P<name>.*\S)\s+[-–—]\s+(?P<note>(?:[a-zà-ÿšžčćđ]{2,}|an?|o|a)\s.*)$")
LONG_ALIAS = re.compile(r"^(?P<name>.*\S)\s+[-–—]\s+(?P<note>(?P<first>[^\W\d_]+)\s+\S+\s+\S.*)$")
EXPLAINED = re.compile(
    r"^(?P<short>[^\W\d_a-z][\w-]{1,11})(?:\s+(?:is|are|est|es|ist|è|é|was)\s|,\s+[a-zà-ÿ])"
)
HOST = re.compile(
    r"^(?P<name>.*\S),\s+(?P<note>(?:\S+\s+){0,2}(?:Univers\w+|Üniversitesi|Hochschule)\b[^,]*)$"
)
HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af][\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\d·・]*")
GLUED = re.compile(r"[a-zà-ÿ]{3}[A-ZÀ-Þ][a-zà-ÿ]{3,}\s|\w,\w")
LEGAL_DOTS = re.compile(r"\b([A-Za-z])\.\s([A-Za-z])\.")  # "e. V."
OPTIONAL_DOT = re.compile(r"(?:\b\w|\b(?:Inc|Ltd|Co|Corp|e\.\s?V|Jr|Sr|Esq))\.$")
SMALL = frozenset(
    "of the for and in on to de del des du la le les et y e para pour per di da do der die das und für a".split()
)


# Part of an organisation after its name; it signs for itself and is not the whole.
SECTION = re.compile(
    r"^(?:landes|kreis|bezirks|orts|regional|stadt)(?:verband|gruppe|verein)|^(?:section|secci[oó]n|sezione|sec[çc][aã]o|chapter|branch"
    r"|filial|local|regional|sektion|ortsgruppe|afdeling|avdelning|delegaci[oó]n|region)\b|\b(?:section|chapter|branch|region)$",
    re.IGNORECASE,
)
STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA"
    " PR RI SC SD TN TX UT VT VA WA WV WI WY ON QC BC AB MB SK NS NB NL PE NSW VIC QLD TAS ACT".split()
)


@dataclass(slots=True)
class Organisation:
    """The parts of a printed organisation; `notes` are words beside the name that are no part of it."""

    name: str
    acronym: str | None
    country: str | None
    notes: list[str]
    sure: bool


def tidy(text: str) -> str:
    """Without the punctuation that separates list entries, keeping the dot of an abbreviation."""
    text = text.strip(" \t;,،؛；、*|")
    while text.endswith(".") and not OPTIONAL_DOT.search(text):
        text = text[:-1].rstrip()
    return text


def is_acronym(text: str) -> bool:
    """Short, mostly capitals, at most two words: what people put in brackets after a name."""
    letters = [c for c in text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    words = text.split()
    if not letters or len(text) > 16 or len(words) > 3 or capitals < 2:
        return False
    if len(words) > 1:
        return (capitals >= 3 and words[0].isupper()) or capitals >= 0.6 * len(letters)
    return capitals >= 0.2 * len(letters)


def abbreviates(short: str, long: str, least: float = 0.5) -> bool:
    """Whether the letters of `short` run through `long` in order, a share of `least` as first letters."""
    letters = [c for c in fold(short) if c.isalpha()]
    words = [w for w in re.split(r"[^\w]+", fold(long)) if w]
    if len(letters) < 2 or len(words) < 2:
        return False
    initials = [w[0] for w in words]
    if sum(c in initials for c in letters) < max(1, least * len(letters)):
        return False
    remaining = iter("".join(words))
    if all(c in remaining for c in letters):
        return True
    return len(letters) >= 3 and all(c in initials for c in letters)


def _split_country(text: str) -> tuple[str, str | None]:
    """A closing country: `X, Peru`, `X (Peru)`, `X (ABC) – Peru`; a dash without a bracket is a chapter."""
    before, comma, tail = text.rpartition("،" if "،" in text else ",")
    if comma and before.strip() and is_place(tail.strip()):
        return before.strip(), tail.strip()
    found = LAST_BRACKET.match(text)
    if not found:
        return text, None
    after = found["after"].strip()
    if not after and is_place(found["inside"].strip()):
        return found["before"], found["inside"].strip()
    dashed = re.match(r"^[-–—,]\s*(?P<place>.+)$", after)
    if dashed and is_place(dashed["place"]):
        return text[: found.start("after")].strip(), dashed["place"].strip()
    return text, None


def _bracket(org: Organisation, found: re.Match[str]) -> bool:
    """Take the last bracket of the name apart. False when it stays in the name."""
    before, inside, after = found["before"].strip(), found["inside"].strip(), found["after"].strip(" .")
    legal = LEGAL_FORM.match(found["after"].strip(" ,"))
    if after and not legal:
        if found["after"].startswith(",") and is_acronym(inside):
            section = SECTION.search(after.strip(" ,"))
            org.name, org.acronym = before + (", " + after.strip(" ,") if section else ""), inside
            if not section:
                org.notes.append(found["after"].strip(" ,"))
            return True
        return False
    if inside in STATES and not after and not abbreviates(inside, before, 1):
        org.name = before
        org.notes.append(inside)
        return True
    name = f"{before} {found['after'].strip()}".strip() if legal else before
    plain = re.sub(r"\s*(?:e\.?\s?V\.?|z\.?\s?s\.?)$", "", before)
    one_word = " " not in before and len(inside.split()) >= 2 and len(before) <= 12
    explained = EXPLAINED.match(inside)
    if explained and org.acronym is None and abbreviates(explained["short"], before):
        org.name, org.acronym, org.sure = name, explained["short"], False
        org.notes.append(inside)
    elif one_word and (
        abbreviates(before, inside, 0.2) or (is_acronym(before) and inside[:1].isupper() and len(inside) > 14)
    ):
        org.name, org.acronym = inside, before
    elif org.acronym is None and (
        is_acronym(inside)
        or _is_shortened(inside, plain)
        or (" " not in inside and abbreviates(inside, plain, 0.25))
    ):
        org.name, org.acronym = name, inside
    else:
        org.name, org.sure = name, False
        org.notes.append(inside)
    return True


def _town(org: Organisation) -> None:
    """A city after the name: a large one, or one word before the country, or one word after a legal form."""
    before, comma, tail = org.name.rpartition(",")
    before, tail = before.strip(), tail.strip(" .")
    word = org.country is not None and tail.isalpha() and tail.istitle() and len(before.split()) > 2
    quoted = before.endswith(("»", "”", '"')) and re.fullmatch(r"[^\W\d_]+(?:[- ][^\W\d_]+)?", tail)
    if (
        comma
        and before
        and (
            is_city(tail)
            or (quoted and tail[:1].isupper())
            or (word and fold(before.split()[0]) in GENERIC_NOUNS)
        )
    ):
        org.name = before
        org.notes.append(tail)
        return
    after_form = re.match(r"^(?P<name>.*\s(?:[A-Z]\.){2,3})\s+(?P<town>[^\W\d_]+)$", org.name)
    if after_form and (org.country is not None or is_city(after_form["town"])):
        org.name, org.sure = after_form["name"], False
        org.notes.append(after_form["town"])


def _is_shortened(inside: str, name: str) -> bool:
    """`Harbour FLAG` beside `Harbour Fishing and Local Action Group`: capitals with a word of the name."""
    words, known = inside.split(), fold(name).split()
    capitals = [word for word in words if word.isupper() and len(word) > 2]
    return len(words) == 2 and len(capitals) == 1 and any(fold(word) in known for word in words)


def _dashes(org: Organisation) -> None:
    """`ABC – Long name`, `ABC: Long name`, `Long name – ABC` and `Long name ABC`."""
    if org.acronym is not None:
        return
    first, last = FIRST_ACRONYM.match(org.name), LAST_ACRONYM.match(org.name)
    if last and _closes(last["short"], last["long"]):
        org.name, org.acronym = last["long"].strip(" ,"), last["short"]
    elif first and (abbreviates(first["short"], first["long"]) or _all_capitals(first)):
        org.name, org.acronym = first["long"].strip(), first["short"]
    elif (plain := PLAIN_ACRONYM.match(org.name)) and _shortens(plain["short"], plain["long"]):
        org.name, org.acronym = plain["long"], plain["short"]
    elif slogan := SLOGAN.match(org.name) or _longer_name(org.name):
        org.name = slogan["name"]
        org.notes.append(slogan["note"])


def _longer_name(name: str) -> re.Match[str] | None:
    """`Quay – Association of the Coasts of Norway`: a name and what it is, unless a legal form makes both one name."""
    found = LONG_ALIAS.match(name)
    if not found or fold(found["first"]) not in ORGANISATION_WORDS:
        return None
    return None if any(LEGAL_FORM.match(word) for word in LEGAL_DOTS.sub(r"\1.\2.", name).split()) else found


def _closes(short: str, long: str) -> bool:
    """Whether what follows a dash is the acronym of several words before it."""
    least = 0 if short.isupper() else 0.4
    first = short.split("-")[0] if short.count("-") == 1 else short
    shortens = abbreviates(short, long, least) or (len(first) > 2 and abbreviates(first, long))
    return " " in long and (is_acronym(short) or short.isupper()) and shortens


def _all_capitals(found: re.Match[str]) -> bool:
    return (
        found["short"].isupper()
        and found["long"].isupper()
        and fold(found["long"]).startswith(fold(found["short"])[:2])
    )


def _shortens(short: str, long: str) -> bool:
    """Whether capitals closing a name without brackets shorten it, rather than being its last word."""
    words = [w for w in re.split(r"[^\w]+", fold(long)) if w and w not in SMALL]
    if long.isupper() or len(words) < 2 or is_place(short):
        return False
    if not re.search(r"[A-Za-z]", long):
        return True  # Latin capitals after a name in another script
    initials = "".join(w[0] for w in words)
    return fold(short) == initials or (len(words) >= 3 and abbreviates(short, long, 0.33))


def _bilingual(org: Organisation) -> None:
    """A name in Chinese, Japanese or Korean beside one in Latin letters: the Latin one is the name."""
    latin = re.findall(r"[A-Za-zÀ-ÿ]{3,}", org.name)
    if not any(len(latin) > 1 or not word.isupper() for word in latin) or not HAN.search(org.name):
        return
    places = [inside for inside in re.findall(r"[(（]([^()（）]+)[)）]", org.name) if is_place(inside)]
    org.country = org.country or next(iter(places), None)
    rest = re.sub(r"\s*[(（]\s*[)）]", " ", HAN.sub(" ", org.name))
    rest = " ".join(re.sub(r"[(（](?P<in>[^()（）]*)[)）]\s*(?=\S)", " ", rest).split())
    if len(rest) >= 3:
        org.notes.append(" ".join(HAN.findall(org.name)))
        org.name = rest


def read_organisation(text: str) -> Organisation:
    """The parts of one printed organisation. Never raises; a text with letters always gives a name."""
    org = Organisation(tidy(text), None, None, [], not GLUED.search(text))
    link = LINK.search(org.name[-200:])
    if link and len(link[0]) < len(org.name):
        org.notes.append(link[0].strip(" :,–—-()<>[]"))
        org.name = org.name[: -len(link[0])].strip()
    if capacity := CAPACITY.search(org.name):
        org.notes.append(capacity["note"].strip())
        org.name = org.name[: capacity.start()].strip()
    org.name, org.country = _split_country(org.name)
    if host := HOST.match(org.name):
        org.name, org.sure = host["name"], False
        org.notes.append(host["note"])
    for _ in range(3):
        found = LAST_BRACKET.match(org.name)
        if not found or not _bracket(org, found):
            break
    if org.country is None:
        org.name, org.country = _split_country(org.name)
    _town(org)
    _bilingual(org)
    before, slash, alias = org.name.partition(" / ")
    if slash and is_place(alias.strip()) and org.country is None:
        org.name, org.country = before.strip(), alias.strip()
    elif slash and ((" " in before and " " in alias) or is_city(alias)):
        org.name = before.strip()
        org.notes.append(alias.strip())
    _dashes(org)
    org.name = tidy(org.name) or tidy(text) or text.strip()
    if ("," in org.name and org.country is None) or len(org.name) > 120:
        org.sure = False
    return org
