"""What the outbox records on a timeline, shows on the desk, and puts right."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "regulator.outbox"
    verbose_name = "Outbox"

    def ready(self) -> None:
        from regulator.casework.desk import DESK_PANELS
        from regulator.casework.kinds import AFTER_REDACTION, EVENTS
        from regulator.casework.reading import CASE_LISTS, CaseList
        from regulator.editions.kinds import KINDS as EDITIONS
        from regulator.outbox import past, redaction
        from regulator.outbox.desk import letters, newest
        from regulator.outbox.sweep import SWEEPERS, requeue_abandoned
        from regulator.outbox.texts import KIND as TEXTS

        EVENTS.register("outbox.sent", "E-mail sent")
        EVENTS.register("outbox.failed", "E-mail could not be sent")
        SWEEPERS.register("outbox.messages", requeue_abandoned)
        CASE_LISTS.register("outbox.letters", CaseList(newest))
        DESK_PANELS.register("outbox.letters", letters)
        EDITIONS.register(TEXTS.name, TEXTS)
        past.contribute()
        redaction.contribute()
        for name in ("sent", "failed"):
            AFTER_REDACTION.register(f"outbox.{name}", "A letter about it was on its way.")
        _lend_the_outbox()


def _lend_the_outbox() -> None:
    """Organisations and casework stand below the outbox, so it is handed down to them, and their letters are
    its own (``outbox.lent``)."""
    from regulator.organisations.post import POST
    from regulator.outbox.lent import letters_from_below
    from regulator.outbox.letters import LETTERS
    from regulator.outbox.services import enqueue

    POST.register("outbox", enqueue)
    for letter in letters_from_below():
        LETTERS.register(letter.name, letter)
