"""What casework itself records on a timeline."""

from itertools import chain

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "regulator.casework"
    verbose_name = "Casework"

    def ready(self) -> None:
        from regulator.casework.kinds import EMPLOYER_EVENTS, EVENTS

        EVENTS.register("casework.assigned", "Assigned")
        EVENTS.register("casework.note_added", "Note added")
        EVENTS.register("casework.file_attached", "File attached")
        EVENTS.register("casework.file_scanned", "File scanned")
        EVENTS.register("casework.file_removed", "File removed from a draft")
        EVENTS.register("casework.identifiers_confirmed", "Said to identify nobody")
        EVENTS.register("casework.information_requested", "Information requested")
        EVENTS.register("casework.information_answered", "Request answered")
        EVENTS.register("casework.restricted", "Restricted to named people")
        EVENTS.register("casework.people_named", "Who may open it was changed")
        EVENTS.register("casework.restriction_lifted", "Restriction lifted")
        EVENTS.register("casework.glass_broken", "Glass broken")
        EVENTS.register("casework.views_reviewed", "Week of views reviewed")
        EVENTS.register("casework.interest_declared", "Interest declared")
        EVENTS.register("casework.interest_changed", "Declaration of interest changed")
        EVENTS.register("casework.interest_ended", "Declaration of interest ended")
        EVENTS.register("casework.linked", "Linked with another case")
        EVENTS.register("casework.unlinked", "Link taken off")
        EVENTS.register("casework.referred", "Referred to another body")
        EVENTS.register("casework.referral_corrected", "Record of a referral corrected")
        EVENTS.register("casework.referral_replied", "Another body replied")
        EVENTS.register("casework.exported", "List of cases exported")
        EMPLOYER_EVENTS.register("casework.information_requested", "CQC asked for information")
        EMPLOYER_EVENTS.register("casework.information_answered", "Question answered")
        EVENTS.register("casework.bundle_asked", "Disclosure bundle asked for")
        EVENTS.register("casework.bundle_made", "Disclosure bundle made")
        EVENTS.register("casework.bundle_failed", "Disclosure bundle could not be made")
        EVENTS.register("casework.bundle_downloaded", "Disclosure bundle downloaded")
        EVENTS.register("casework.bundle_removed", "Disclosure bundle removed after its days")
        _lend_the_chain()
        _fill_the_desk()
        _tell_the_past()
        _remove()


def _tell_the_past() -> None:
    """What casework itself tells of a case as at a past date."""
    from regulator.casework.evidence import chapters, kept, referred, showing
    from regulator.casework.evidence.past import TEXTS

    chapters.contribute()
    referred.contribute()
    showing.contribute()
    TEXTS.register("kept", kept.kept_texts)


def _remove() -> None:
    """What casework itself removes of a case that is redacted, and what may still be done with one."""
    from regulator.casework.kinds import AFTER_REDACTION, EVENTS, REMOVERS
    from regulator.casework.redaction import own
    from regulator.casework.redaction.kinds import EVENT

    EVENTS.register(EVENT, "Redacted: what was written about it was removed")
    REMOVERS.register(EVENT, lambda payload: payload["groups"])
    AFTER_REDACTION.register(EVENT, "It is emptied again of what was left.")
    for name in ("asked", "made", "failed", "downloaded", "removed"):
        AFTER_REDACTION.register(f"casework.bundle_{name}", "What is left of it can be disclosed.")
    AFTER_REDACTION.register("casework.glass_broken", "A restricted case is read, not changed.")
    own.contribute()


def _lend_the_chain() -> None:
    """Organisations stand below the chain, so it is handed down to them, and their events are labelled."""
    from regulator.casework.chain import append, writing
    from regulator.casework.kinds import EVENTS
    from regulator.organisations.chronicle import CHRONICLES, EVENT_LABELS, Chronicle

    CHRONICLES.register("chain", Chronicle(writing=writing, append=append))
    for name, label in EVENT_LABELS.items():
        EVENTS.register(name, label)


def _fill_the_desk() -> None:
    """The deeds and the home panels that do not depend on the kind of case."""
    from regulator.casework import deeds, home, home_ages, linking_desk, referral_desk, restriction_desk
    from regulator.casework.desk import DESK_PANELS, EVERYDAY, HOME_PANELS, QUEUE_MARKS, QueueMark
    from regulator.casework.interests import held_with_interest

    rooms = (restriction_desk.DEEDS, linking_desk.DEEDS, referral_desk.DEEDS)
    for action in (*deeds.EVERYDAY_DEEDS, *chain(*rooms)):
        EVERYDAY.register(action.name, action)
    DESK_PANELS.register("casework.links", linking_desk.linked_panel)
    DESK_PANELS.register("casework.referrals", referral_desk.referrals_panel)
    HOME_PANELS.register("casework.mine", home.mine)
    HOME_PANELS.register("casework.everybody", home.everybody)
    HOME_PANELS.register("casework.views", home.views_to_review)
    HOME_PANELS.register("casework.week", home_ages.week)
    QUEUE_MARKS.register("interest", QueueMark("Assigned despite an interest", held_with_interest))
    _hang_lists()
    _fill_the_queue()


def _hang_lists() -> None:
    """What hangs on a case of any kind: words, questions and files."""
    from regulator.casework.confirmation import IdentifierConfirmation
    from regulator.casework.models import Attachment, InformationRequest, Note
    from regulator.casework.reading import CASE_LISTS, CaseList

    CASE_LISTS.register("casework.notes", CaseList(lambda pk: Note.objects.filter(case=pk)))
    CASE_LISTS.register("casework.requests", CaseList(lambda pk: InformationRequest.objects.filter(case=pk)))
    CASE_LISTS.register("casework.files", CaseList(lambda pk: Attachment.objects.filter(case=pk)))
    confirmed = CaseList(lambda pk: IdentifierConfirmation.objects.filter(case=pk))
    CASE_LISTS.register("casework.confirmations", confirmed)


def _fill_the_queue() -> None:
    """The deed on many cases that does not depend on their kind, the texts that are found, and who
    follows."""
    from regulator.casework import deeds
    from regulator.casework.chain import FOLLOWERS
    from regulator.casework.queue.registries import BULK_DEEDS, BulkDeed
    from regulator.casework.search.texts import SEARCH_TEXTS, notes_and_questions, referrals_and_replies

    BULK_DEEDS.register("assign", BulkDeed(deeds.BULK_ASSIGN))
    SEARCH_TEXTS.register("casework", notes_and_questions)
    SEARCH_TEXTS.register("casework.referrals", referrals_and_replies)
    FOLLOWERS.register("search", "casework.index_cases")
