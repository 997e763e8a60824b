"""Offices and occupations: whether words name one, and a field after a person's name as office and organisation."""

import re

from signatories.matching import fold

from .cities import is_city
from .countries import is_place
from .words import (
    HEAD_OFFICES,
    ORGANISATION_WORDS,
    ORGANISATIONS_IN_GENITIVE,
    ORGANS_IN_GENITIVE,
    ROLE_ADJECTIVES,
    ROLES,
)

CONNECTOR = re.compile(
    r"\s+(?:of\s+the|of|at\s+the|at|for\s+the|with|de\s+la|de\s+l['’]|de\s+los|de\s+las|des|du|de|d['’]"
    r"|à\s+la|à\s+l['’]|au|della|dell['’]"
    r"|dello|del|di|der|des|für|von|do|da|dos|van|van\s+(?:de|het)|voor|bij|för|på|vid|av|hos|ved"
    r"|w|przy|při|i|chez|auprès\s+de|pour|para|per|bei|beim|im|en)\s*(?:l['’])?(?:(?:the|la|le|les|el|l['’]association"
    r"|l['’]ong|association)\s+)?(?=[A-ZÀ-ÞА-Я0-9\"“«]|"
    r"fédération|associazione|universit|universidad)"
)
# What an office is in charge of, which is no organisation: "Director of Policy and Research".
DEPARTMENTS = frozenset(
    fold(
        "policy policies campaigns campaigning communications communication research programmes programs programme"
        " operations advocacy strategy finance partnerships development education outreach fundraising projects"
        " impact engagement membership legal affairs public external international government law studies practice"
        " media press politique politiques campagnes plaidoyer recherche études projets relations publiques"
        " internationales opérations comunicación comunicaciones incidencia campañas investigación proyectos"
        " programas relaciones institucionales políticas públicas ricerca campagne comunicazione politik"
        " kommunikation kampagnen forschung öffentlichkeitsarbeit advocacia comunicação pesquisa projetos and & et y e"
        " und of the de la"
    ).split()
)
DEPARTMENT = re.compile(
    r"^(?:the\s+)?(?:dep(?:artmen)?t\.?|department|faculty|school|division|section|chair|d[ée]partement|facult[ée]|ufr"
    r"|departamento|facultad|faculdade|dipartimento|facoltà|fachbereich|fakultät|lehrstuhl|katedra|wydział|fakulteta?"
    r"|instituut)\s+(?:of|for|de|des|du|di|der|für|van|voor|d['’]|\w+)",
    re.IGNORECASE,
)
UNIVERSITY = re.compile(
    r"universi|college|hochschule|üniversitesi|uniwersytet|università|egyetem|sveučilišt|univerzit|école|school",
    re.IGNORECASE,
)
UNDIVIDED = re.compile(
    r"secretary\s+of\s+state|^(?:avocate?|barrister|attorney|abogad[oa])\s+(?:à|at|del?)\s+(?:la\s+)?(?:cour|law|estado)\b|^(?:former\s+)?(?:member\s+of\s+(?:the\s+)?(?:\w+\s+)?(?:parliament|congress"
    r"|senate)|senator\s+for|minister\s+of|secretary\s+of\s+state|professors?\s+(?:of|in)"
    r"|lecturers?\s+(?:of|in)|doctor\s+(?:of|in)|dr\s+in|independent\s+member|ministre\s+d|eurodiputad"
    r"|diputad|federal\s+member|profesora?\s+de|politics\s+editor"
    r"|director[a]?\s+de\s+cine|magistrad|leader\s+of\s+the\s+.*\s+and\s+)",
    re.IGNORECASE,
)
# A body within an organisation: "member of the Steering Committee of X" is an office in X.
ORGAN = re.compile(
    r"(?:(?:Executive|Steering|Advisory|Supervisory|Management|Governing|Scientific|Managing)\s+)?(?:Board|Bureau"
    r"|Committee|Vorstands?|Beirats?|Junta|Consejo|Consiglio|Secr[eé]tariat|Secretaría)\b"
)
CHAIR = re.compile(
    r"^(?P<role>(?:\w+\s+){0,2}(?:professor|lecturer|fellow)\s+(?:of|in)\s+(?:[\w&]+\s+){1,5}?)"
    r"(?:at\s+(?:the\s+)?)?(?P<university>(?:University|College|School)\s+of\s.+|[A-Z]\w+\s+(?:University|College))$",
    re.IGNORECASE,
)
LOWER_CASE_START = re.compile(r"^\W*[a-zà-ÿа-я]")


def words_of(text: str) -> list[str]:
    """The words of `text` with the marks that stand within words."""
    return re.findall(r"[\w'’.&-]+", text)


def is_role(word: str) -> bool:
    """Whether a word names an office or an occupation, in the singular or the plural."""
    low = fold(word).strip(".'’")
    return low in ROLES or low.split("'")[-1] in ROLES or low.removesuffix("s") in ROLES


def is_organisation(field: str) -> bool:
    """A field with an organisation's word in it that neither begins nor ends as an office does."""
    words = [fold(word).strip(".,") for word in field.removeprefix("the ").split()]
    if not words or LOWER_CASE_START.match(field.removeprefix("the ")):
        return False
    starts = words[0] in ROLES or (words[0] in ROLE_ADJECTIVES and words[0] not in ORGANISATION_WORDS)
    return not starts and not is_role(words[-1]) and any(word in ORGANISATION_WORDS for word in words)


def has_role(text: str) -> bool:
    """Whether a word of `text` names an occupation or an office."""
    return any(is_role(word) for word in words_of(text))


def is_head(role: str | None) -> bool:
    """Whether an office is that of one who speaks for an organisation (president, director, spokesperson …)."""
    return any(fold(word).strip(".,") in HEAD_OFFICES for word in (role or "").split())


def _leading_role(field: str) -> tuple[str, str] | None:
    """`CEO ActionAid` as role and organisation: role words first, then a capitalised name without any."""
    words = field.split()
    count = 0
    while count < len(words) and (
        is_role(words[count])
        or fold(words[count]) in ROLE_ADJECTIVES
        or (count and fold(words[count]) in ORGANS_IN_GENITIVE)
        or words[count] in ("&", "and", "et", "y")
    ):
        count += 1
    if count and count + 1 < len(words) and is_place(words[count]) and words[count + 1].islower():
        count += 1  # "head France of …": the country belongs to the office
    rest = " ".join(words[count:])
    if not count or not rest:
        return None
    genitive = fold(words[count]) in ORGANISATIONS_IN_GENITIVE
    if not rest[0].isupper() and not rest.startswith(("«", "“", '"')) and not genitive:
        return None
    if (
        words[count - 1] in ("&", "and", "et", "y")
        or (has_role(rest) and not is_organisation(rest))
        or not has_role(" ".join(words[:count]))
    ):
        return None
    return " ".join(words[:count]), rest


def split_role(field: str) -> tuple[str | None, str | None]:
    """A field after the name as (role, organisation); one of them may be None."""
    connector = CONNECTOR.search(field)
    if connector and ORGAN.match(field, connector.end()):
        connector = CONNECTOR.search(field, connector.end()) or connector
    office = field[: connector.start()].split() if connector else []
    if is_organisation(field) and not (office and len(office) <= 3 and is_role(office[-1])):
        return None, field
    if not has_role(field):
        return (field, None) if LOWER_CASE_START.match(field) else (None, field)
    if chair := CHAIR.match(field):
        return chair["role"].strip(), chair["university"]
    if UNDIVIDED.search(field):
        return field, None
    if leading := _leading_role(field):
        return leading
    if connector and connector.start() > 0 and has_role(field[: connector.start()]):
        return field[: connector.start()], field[connector.end() :]
    return field, None


def _is_short_name(field: str) -> bool:
    return field.isupper() and " " not in field and not has_role(field)


def without_towns(rest: list[str]) -> tuple[list[str], list[str]]:
    """The fields up to the organisation, and the single words after it, which say where it is."""
    last = max((i for i, field in enumerate(rest) if is_organisation(field)), default=len(rest))
    towns = rest[last + 1 :]
    where = all(is_city(t) or (t.isalpha() and t.istitle() and not has_role(t)) for t in towns)
    return (rest[: last + 1], towns) if towns and where else (rest, [])


def without_departments(rest: list[str]) -> tuple[list[str], list[str]]:
    """The fields without those that name a part of the university printed after them, and those."""
    hosts = [i for i, field in enumerate(rest) if UNIVERSITY.search(field)]
    last = hosts[-1] if hosts else 0
    parts = [field for field in rest[:last] if DEPARTMENT.match(field) and not is_role(words_of(field)[0])]
    return [field for field in rest if field not in parts], parts


def _is_department(text: str) -> bool:
    return all(fold(word) in DEPARTMENTS for word in words_of(text))


def roles_and_organisation(rest: list[str]) -> tuple[str | None, str | None]:
    """The fields after a name and before its country as (role, organisation); either may be None."""
    if not rest:
        return None, None
    if len(rest) > 1:
        if all(_is_short_name(field) for field in rest[:-1]) and is_organisation(rest[-1]):
            return None, rest[-1]  # several affiliations: the one printed in full
        role, organisation = split_role(rest[0])
        if role and organisation and _is_department(organisation):
            further, organisation = roles_and_organisation(rest[1:])
            return ", ".join(filter(None, (rest[0], further))), organisation
        if role and organisation and not has_role(organisation):
            if any(has_role(part) for part in rest[1:]):
                return role, organisation  # several offices: the first is the one signed with
            return role, ", ".join([organisation, *rest[1:]])
        last_role, last_organisation = split_role(rest[-1])
        if last_organisation:
            roles = [*rest[:-1], *([last_role] if last_role else [])]
            return ", ".join(roles), last_organisation
        return ", ".join(rest), None
    return split_role(rest[0])
