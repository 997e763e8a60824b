"""What each row of a list becomes on a letter. Asks the database a few times for hundreds of rows; writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from letters import keys
from letters.logs import MAILBOX
from letters.models import Letter
from letters.rows import Answer, portions
from letters.services.errors import Refused
from signatories import matching
from signatories.matching import Known, Verdict
from signatories.models import ImportRow, Organisation, OrganisationName, Signature
from signatories.models.signature import STANDING
from signatories.reading.people import without_title
from signatories.services import directory
from signatories.services.likely import Finder

State, Outcome, Decision = Signature.State, ImportRow.Outcome, ImportRow.Decision
LONGEST = {"name": 250, "acronym": 40, "person": 250, "role": 160, "note": 160, "group": 120}
# What is said of the first of several rows for one signatory, and not again of the others.
REPEATED = (Outcome.NEW, Outcome.KNOWN, Outcome.MAYBE, Outcome.UNSURE, Outcome.ALREADY)
AT_A_TIME = 400  # keys in one question
TRIES = 3


def faults(row: ImportRow) -> dict[str, str]:
    """What does not fit of the row's words, a sentence for each field; empty when all is well."""
    found = {
        name: _("At most %(n)s characters; there are %(has)s.") % {"n": most, "has": len(getattr(row, name))}
        for name, most in LONGEST.items()
        if len(getattr(row, name)) > most
    }
    for name in LONGEST:  # all of these may be shown publicly
        if MAILBOX.search(getattr(row, name)):
            found.setdefault(name, _("Take the e-mail address out: this may be shown publicly."))
    if row.is_person and len(row.affiliation) > LONGEST["name"]:
        found.setdefault("name", _("Role and organisation have at most 250 characters together."))
    if row.email:
        found |= _faults_of_address(row)
    needed = "person" if row.is_person else "name"
    if not matching.fold(getattr(row, needed)):
        found[needed] = _("Give the name.")
    return found


def _faults_of_address(row: ImportRow) -> dict[str, str]:
    """What does not fit of a representative: the address must be one, and the name as long as representatives' are."""
    found = {}
    try:
        validate_email(row.email)
    except ValidationError:
        found["email"] = _("“%(email)s” is not an e-mail address. Mend it, or leave it empty.") % {
            "email": row.email[:100]
        }
    if not row.is_person and len(row.person) > LONGEST["role"]:
        found["person"] = _("At most %(n)s characters; there are %(has)s.") % {
            "n": LONGEST["role"],
            "has": len(row.person),
        }
    return found


def key_of(row: ImportRow) -> str:
    """By what two rows of one list are the same signatory, whatever the directory has."""
    if row.is_person:
        return person_key(row.person, row.name)
    return matching.normalise(row.name)[:250]


def person_key(person: str, affiliation: str) -> str:
    """The keyed hash by which a person on a list is known again: name and affiliation, there being no e-mail."""
    return keys.blind("person", f"import|{matching.normalise(person)}|{matching.normalise(affiliation)}")


@dataclass
class Standing:
    """What a letter has of signatories that a list may name again; read by one statement, under the letter's lock where it
    matters. A signature is (its key, its state)."""

    organisations: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    people: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    named: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)  # people, by hashed name
    withheld: dict[tuple[str, str], int] = field(default_factory=dict)  # by kind and place in the alphabet
    unnamed: set[int] = field(default_factory=set)  # organisations that stand with their name withheld

    @classmethod
    def of(cls, letter: Letter) -> "Standing":
        found = cls()
        wanted = [*STANDING, State.WITHDRAWN, State.UNCONFIRMED]
        columns = (
            "pk", "kind", "state", "organisation_id", "rival_of_id", "person_key", "name_key", "visibility",
            "sort_key", "affiliation",
        )  # fmt: skip
        rows = Signature.objects.filter(letter=letter, state__in=wanted).order_by("pk").values_list(*columns)
        for pk, kind, state, organisation, rival, person, name, shown, order, affiliation in rows:
            if kind == Signature.Kind.ORGANISATION and rival is None:
                found.organisations.setdefault(organisation, []).append((pk, state))
            elif kind == Signature.Kind.INDIVIDUAL:
                found.people.setdefault(person, []).append((pk, state))
                if name:
                    found.named.setdefault(name, []).append((pk, state, affiliation))
            if shown == Signature.Visibility.WITHHELD and state in STANDING:
                found.withheld[kind, order] = pk
                if organisation:
                    found.unnamed.add(organisation)
        return found

    def forbids(self, organisations: Iterable[int]) -> bool:
        """Whether one of them took its signature back, or must not be named: nothing lists what may be that one by itself."""
        return any(
            number in self.unnamed
            or _first(self.organisations.get(number, []), (State.WITHDRAWN,)) is not None
            for number in organisations
        )

    def against(self, row: ImportRow) -> tuple[str, int | None]:
        """What stands in the row's way, and the signature that does; empty when nothing is."""
        if row.is_person:
            own = self.people.get(row.key, [])
        else:
            own = self.organisations.get(row.organisation_id or 0, [])
        if (standing := _first(own, STANDING)) is not None:
            return Outcome.ALREADY, standing
        for written in _written(row):
            if self.withheld and (hidden := self.withheld.get((row.kind, matching.sort_key(written)))):
                return Outcome.WITHHELD, hidden
        if row.is_person and (found := self._namesake(row)) is not None:
            return found
        if (gone := _first(own, (State.WITHDRAWN,))) is not None:
            return Outcome.WITHDRAWN, gone
        return "", None

    def _namesake(self, row: ImportRow) -> tuple[str, int] | None:
        """A person of that name who took a signature back, or who stands with the same affiliation."""
        hashed = {keys.blind("name", matching.normalise(written)) for written in _written(row)}
        same = [signature for key in hashed for signature in self.named.get(key, [])]
        for pk, state, _affiliation in same:
            if state == State.WITHDRAWN:
                return Outcome.WITHDRAWN, pk
        affiliation = matching.normalise(row.affiliation)
        for pk, state, own in same:
            if state in STANDING and matching.normalise(own) == affiliation:
                return Outcome.ALREADY, pk
        return None

    def attempt(self, row: ImportRow) -> int | None:
        """An attempt for the row's signatory that nobody confirmed."""
        own = (
            self.people.get(row.key, [])
            if row.is_person
            else self.organisations.get(row.organisation_id or 0, [])
        )
        return _first(own, (State.UNCONFIRMED,))


def _written(row: ImportRow) -> tuple[str, ...]:
    """How the signatory's name may stand on the letter: a person's also without a title. What was written before titles
    were left out of a person's key is found by the name as it is."""
    if not row.is_person:
        return (row.name,)
    return tuple(dict.fromkeys((row.person, without_title(row.person))))


def _first(found: Sequence[tuple[int, str]], states: Sequence[str]) -> int | None:
    return next((pk for pk, state in found if state in states), None)


class Judge:
    """Judges rows against one letter and the directory. ``finder`` looks for organisations that a name may be; without one
    only names that the directory has as they are written are known, and an earlier finding stands."""

    def __init__(self, letter: Letter, finder: Finder | None) -> None:
        self.standing, self.finder = Standing.of(letter), finder

    def judge(self, rows: Iterable[ImportRow]) -> None:
        """Sets ``key``, ``organisation``, ``candidates``, ``verdict`` and ``beside`` of each; ``settle`` then looks at the list."""
        taken = [row for row in rows if not row.ignored]
        for row in taken:
            row.key = key_of(row)
        called = names_called({row.name for row in taken if not row.is_person})
        for row in taken:
            row.verdict, row.beside_id = self._verdict(row, called.get(row.name, []))
        for row in rows:
            if row.ignored:
                row.verdict = Outcome.IGNORED

    def hold(self, rows: Sequence[ImportRow]) -> None:
        """Holds the entries of the directory that judged rows are, so that none is merged or deleted until the transaction
        ends; rows whose entry went meanwhile are judged anew. The caller holds the letter. Raises ``Refused``."""
        for _attempt in range(TRIES):
            gone = {row.organisation_id for row in rows if row.organisation_id}
            for some in portions(sorted(gone), AT_A_TIME):
                held = Organisation.objects.select_for_update(no_key=True).filter(pk__in=some)
                gone.difference_update(list(held.order_by("pk").values_list("pk", flat=True)))
            lost = [row for row in rows if row.organisation_id in gone]
            if not lost:
                return
            for row in lost:
                row.organisation, row.decision = None, ""
            self.judge(lost)
        raise Refused(_("The directory is being changed just now. Try again in a moment."))

    def _verdict(self, row: ImportRow, called: Answer[Organisation]) -> tuple[str, int | None]:
        doubt = "" if row.is_person else self._find(row, called)
        against, beside = self.standing.against(row)
        if against:
            return against, beside
        if faults(row):
            return Outcome.FAULTY, None
        if doubt:
            return doubt, None
        if not row.sure:
            return Outcome.UNSURE, None
        return (Outcome.KNOWN if row.organisation_id else Outcome.NEW), None

    def _find(self, row: ImportRow, called: Answer[Organisation]) -> str:
        """Sets the row's organisation; gives ``MAYBE`` where a person has to say which."""
        if row.decision == Decision.THIS and row.organisation_id:
            return ""
        if row.decision == Decision.NEW and not namesake_in(row, called):
            row.organisation = None
            return ""
        found = directory.find(row.name, acronym=row.acronym, country=str(row.country), called=called)
        if found is not None:
            row.organisation, row.candidates = found, []
            return ""
        if self.finder is None:
            return self._as_found_before(row)
        likely = self.finder.candidates(
            Known(
                (row.name,),
                (row.acronym,) if row.acronym else (),
                str(row.country),
            )
        )
        same = [
            item
            for item in likely
            if item.likeness.verdict == Verdict.SAME and directory.agree(item.organisation, str(row.country))
        ]
        row.organisation = same[0].organisation if len(same) == 1 else None
        row.candidates = [
            {"id": item.organisation.pk, "score": item.likeness.score, "why": item.likeness.why}
            for item in likely
        ]
        return Outcome.MAYBE if likely and row.organisation is None else ""

    @staticmethod
    def _as_found_before(row: ImportRow) -> str:
        if row.verdict == Outcome.KNOWN and row.organisation_id is None:
            return Outcome.MAYBE  # what it was has left the directory
        return Outcome.MAYBE if row.candidates and row.organisation_id is None else ""


def namesake_in(row: ImportRow, called: Answer[Organisation]) -> Organisation | None:
    """The organisation that has the row's name in the row's country already, so that no second one can be made."""
    own = directory.match_key(row.name, str(row.country))
    return next((organisation for organisation, _kind in called if organisation.match_key == own), None)


def names_called(names: Iterable[str]) -> dict[str, Answer[Organisation]]:
    """For each of the names what ``directory.calling`` asks, by a few statements for all."""
    wanted: dict[str, set[str]] = {}
    for name in names:
        for key in {matching.normalise(name)[:250], matching.acronym_key(name)[:250]} - {""}:
            wanted.setdefault(key, set()).add(name)
    answer: dict[str, Answer[Organisation]] = {}
    for some in portions(list(wanted), AT_A_TIME):
        for found in OrganisationName.objects.filter(key__in=some).select_related("organisation"):
            for name in wanted[found.key]:
                answer.setdefault(name, []).append((found.organisation, (found.kind, found.key)))
    return answer


def settle(rows: Iterable[ImportRow]) -> list[ImportRow]:
    """Sets ``outcome`` of each row of a whole list, in its order: what an earlier row is already stands twice. Gives the rows
    whose outcome changed."""
    organisations: set[int] = set()
    people: set[str] = set()
    new: dict[str, list[str]] = {}
    changed = []
    for row in rows:
        outcome = _settled(row, organisations, people, new)
        if outcome != row.outcome:
            row.outcome = outcome
            changed.append(row)
    return changed


def _settled(row: ImportRow, organisations: set[int], people: set[str], new: dict[str, list[str]]) -> str:
    if row.ignored:
        return Outcome.IGNORED
    if row.left_out:
        return Outcome.LEFT_OUT
    if row.verdict == Outcome.FAULTY:
        return row.verdict
    if row.is_person:
        twice = row.key in people
        people.add(row.key)
    else:
        country, others = str(row.country), new.setdefault(row.key, [])
        # A name in another country is another organisation; one without a country may be either.
        twice = row.organisation_id in organisations or (
            any(not country or not other or country == other for other in others)
        )
        others.append(country)
        if row.organisation_id:
            organisations.add(row.organisation_id)
    return Outcome.TWICE if twice and row.verdict in REPEATED else row.verdict
