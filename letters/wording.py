"""What happened and what was sent, in words: the kinds of events and messages as the desk shows them."""

from django.utils.translation import gettext_lazy as _

HAPPENED = {
    "amendment.reminded": _("Those silent about an amendment reminded"),
    "addressee.added": _("Addressee added"),
    "addressees.changed": _("Addressees changed"),
    "groups.changed": _("Groups of the list changed"),
    "links.changed": _("Related links changed"),
    "letter.amended": _("Text amended"),
    "letter.changed": _("Letter changed"),
    "letter.circulated": _("Put into circulation"),
    "letter.corrected": _("Text corrected"),
    "letter.created": _("Letter written"),
    "letter.deleted": _("Draft deleted"),
    "letter.filled": _("Filled with made-up signatures"),
    "letter.link_made": _("Private link made"),
    "letter.link_revoked": _("Private link revoked"),
    "letter.moved": _("Address changed"),
    "letter.recounted": _("Counts mended"),
    "letter.release_cancelled": _("Release cancelled"),
    "letter.release_scheduled": _("Release set"),
    "letter.released": _("Released"),
    "letter.signing_closed": _("Signing closed"),
    "letter.signing_extended": _("Signing extended"),
    "letter.signing_resumed": _("Signing goes on"),
    "letter.signing_stopped": _("Signing stopped"),
    "letter.translated": _("Translations published"),
    "letter.withdrawn": _("Letter withdrawn"),
    "list.imported": _("List imported"),
    "message.cancelled": _("Message cancelled"),
    "message.resent": _("Message sent again"),
    "organisation.changed": _("Organisation changed"),
    "organisation.created": _("Organisation entered"),
    "organisation.deleted": _("Organisation deleted"),
    "organisation.unverified": _("Organisation no longer verified"),
    "organisation.verified": _("Organisation verified"),
    "person.changed": _("Person changed"),
    "person.created": _("Person added"),
    "person.password_set": _("Password set"),
    "representatives.erased": _("Representatives’ data erased"),
    "signature.accepted": _("Signature accepted"),
    "signature.arranged": _("Signature’s place in the list changed"),
    "signature.confirmed": _("Signature confirmed"),
    "signature.correction_left": _("Correction not taken over"),
    "signature.correction_proposed": _("Correction asked for"),
    "signature.correction_taken_back": _("Correction taken back"),
    "signature.correction_taken": _("Correction taken over"),
    "signature.disowned": _("“This was not me”"),
    "signature.expired": _("Never confirmed, ended"),
    "signature.imported": _("Signature imported"),
    "signature.reaffirmed": _("Re-affirmed after an amendment"),
    "signature.received": _("Signature received"),
    "signature.refused": _("Signature declined"),
    "signature.reminded": _("Reminder sent"),
    "signature.sent_again": _("Form sent again"),
    "signature.withdrawn": _("Signature withdrawn"),
    "switch.resumed": _("Switched on again"),
    "switch.stopped": _("Switched off"),
    "text.revised": _("Text worked on"),
    "text.revision_discarded": _("Work on the text discarded"),
    "text.written": _("Text written"),
    "topic.changed": _("Topic changed"),
    "topic.created": _("Topic added"),
    "topic.deleted": _("Topic deleted"),
    "translation.removed": _("Translation removed"),
    "translation.written": _("Translation written"),
}


def happened(kind: str) -> str:
    """The kind of an event in words; the kind itself when it is one that has none."""
    return str(HAPPENED.get(kind, kind))


MESSAGES = {
    "accepted": _("Accepted"),
    "amended": _("The text was amended"),
    "amended_reminder": _("Reminder to answer an amendment"),
    "colleague": _("A colleague has signed"),
    "confirm": _("Please confirm"),
    "correction": _("Correction decided"),
    "digest": _("What waits for review"),
    "private_link": _("Private link"),
    "receipt": _("Receipt"),
    "refused": _("Not accepted"),
    "reminder": _("Reminder to confirm"),
    "second_attempt": _("A second attempt"),
    "withdrawn": _("Withdrawn"),
}


def about_mail(kind: str) -> str:
    """The kind of a message in words; the kind itself when it is one that has none."""
    return str(MESSAGES.get(kind, kind))
