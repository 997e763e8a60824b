"""Countries and parts of the world in names of organisations: as names and as adjectives, in many languages (CLDR)."""

from functools import cache, lru_cache

from babel import Locale

from .keys import fold
from .lexicon import small_words
from .scripts import HAN, plain, simplified

LOCALES = "en fr es pt it de nl ru ar sr sr_Latn tr pl zh zh_Hant uk ca sv cs".split()
# What lists write and CLDR does not have.
MORE = {
    "GB": "uk u k britain great britain british britannique britannic* royaume uni reino unido regno unito",
    "US": "usa us u s a american americans amer",
    "FR": "french francais francaise francaises frances francesa francese francesi franzosisch* france",
    "NL": "dutch nederland nederlandse holland neerlandais*",
    "DK": "danish danois danoise danes danesa dansk danske",
    "CH": "swiss suisse suisses schweizer* svizzer* suiza suizo",
    "BE": "belgian belgians belge belges belga belgas belgisch* belgische",
    "GR": "greek greeks hellenic grec grecque griego griega griechisch*",
    "PL": "polish polonais polonaise polaco polaca polsk*",
    "ES": "spanish espagnol* espanol* espanola spagnol* spanisch* espanhol*",
    "PT": "portuguese portugais* portugues* portoghes*",
    "IE": "irish irlandais* irlandes*",
    "SE": "swedish suedois* sueco sueca schwedisch* svensk* svenska",
    "NO": "norwegian norwegians norvegien* noruego noruega norsk norske",
    "FI": "finnish finlandais* suomen suomi",
    "DE": "german germans allemand* aleman* tedesc* deutsche deutscher deutsches",
    "CZ": "czech tcheque ceska cesky ceske czeski",
    "SK": "slovak slovaque slovenska",
    "LB": "lebanese",
    "PE": "peruvian peruvien* peruan*",
    "CA": "canadian canadien* canadiens",
    "PH": "philippine filipino",
    "AF": "afghan afghans",
    "AR": "argentine argentinian",
    "IL": "israeli",
    "HK": "hongkong 香港",
    "MO": "macau macao 澳门",
    "TW": "taiwan 台湾",
    "CD": "drc rdc",
    "HU": "magyar magyarorszag*",
    "TH": "thai",
    "UA": "украінськ*",
    "BY": "беларуск*",
    "RU": "российск* россиян*",
    "RS": "srpsk*",
    "HR": "hrvatsk*",
    "SI": "slovensk*",
    "419": "latinoamerica latinoamerican* latinoamerique",
    "150": "european europeen* europeo* europea* europeia* europeu* europaisch* europaische europees* европеиск* evropsk*"
    " avrupa europejsk*",
    "002": "african africans africain* african* afrikan* afrikanisch* африканск*",
    "142": "asian asiatique* asiatic*",
    "019": "americas america americano americana amerique",
    "145": "mena",
}
PHRASES = {"latin american": "419", "middle east": "145", "moyen orient": "145", "new york": "new york"}
# Endings of adjectives and of inhabitants, after the name of a country without its last vowels.
ENDINGS = frozenset(
    "a e i o n an ans ana anas ano anos ane ani ain aine ains aines ais aise aises ian ians ien iens ienne iennes iana iano"
    " ianos ianas iane iani ean eans ish ese esi es esa esas eses eno ena enos enas ense enses ois oise oises isch ische"
    " ischer isches ischen er ers erin en no na nos nas ska ski sko ske skog skih skoj skie skii ska skiej skiego li vian"
    " ская ское ского скои ских ские скии ска ски ско ске".split()
)
ARABIC_ENDINGS = ("يين", "يون", "يات", "يه", "ي")
VOWELS = "aeiouyаеиоуыяю"
SHORTEST_BASE = 4


def _names() -> dict[str, str]:
    """Names as they are printed, folded, with the code each stands for."""
    found: dict[str, str] = {}
    for tag in LOCALES:
        for code, printed in Locale.parse(tag).territories.items():
            if code in ("001", "UN", "ZZ", "EZ", "XA", "XB"):
                continue
            for name in (printed, printed.partition("(")[0]):
                words = simplified(
                    plain(fold(name.replace("-", " ").replace("’", " ").replace("'", " ")))
                ).split()
                kept = [word for word in words if word not in small_words()] or words
                if "".join(kept).isalnum():
                    found.setdefault(" ".join(kept), code)
    return found


@cache
def _tables() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Whole names (of one word or more), the bases of adjectives, and stems."""
    whole = dict(PHRASES)
    stems: dict[str, str] = {}
    for code, words in MORE.items():
        for word in words.split():
            if len(word) > 1 and word not in ("great", "royaume", "uni", "reino", "unido", "regno", "unito"):
                (stems if word.endswith("*") else whole)[plain(fold(word.rstrip("*")))] = code
    names = _names()
    bases: dict[str, str] = {}
    for name, code in names.items():
        whole.setdefault(name, code)
        if " " in name:
            continue
        arabic = name.removeprefix("ال")
        whole.setdefault(arabic, code)
        for base in (name, name.removesuffix("land"), name.rstrip(VOWELS), name[:-1], arabic.rstrip("اهي")):
            if len(base) >= (3 if base.isalpha() and "ا" <= base[:1] <= "ي" else SHORTEST_BASE):
                bases.setdefault(base, code)
    return whole, bases, stems


@lru_cache(maxsize=20_000)
def place(words: str) -> str | None:
    """The code of the place that folded words name, alone or as an adjective: ISO 3166 alpha-2 for a country, three digits
    (UN M.49) for a part of the world. None when they name none that is known."""
    whole, bases, stems = _tables()
    if (found := whole.get(words)) is not None or " " in words:
        return found
    for length in range(len(words), SHORTEST_BASE - 1, -1):
        base = words[:length]
        if (found := stems.get(base)) is not None:
            return found
        if words[length:] in ENDINGS and (found := bases.get(base)) is not None:
            return found
    for ending in ARABIC_ENDINGS:
        if words.endswith(ending) and (found := bases.get(words.removesuffix(ending))) is not None:
            return found
    return None


@cache
def han_places() -> frozenset[str]:
    """Places in Chinese characters."""
    return frozenset(name for name in _tables()[0] if HAN.fullmatch(name) and len(name) > 1)
