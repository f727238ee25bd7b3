"""What the outbox records on a timeline, shows on the desk, and puts right."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "regulator.outbox"
    verbose_name = "Outbox"

    def ready(self) -> None:
        from regulator.casework.desk import DESK_PANELS
        from regulator.casework.kinds import EVENTS
        from regulator.editions.kinds import KINDS as EDITIONS
        from regulator.outbox.desk import letters
        from regulator.outbox.sweep import SWEEPERS, requeue_abandoned
        from regulator.outbox.texts import KIND as TEXTS

        EVENTS.register("outbox.sent", "E-mail sent")
        EVENTS.register("outbox.failed", "E-mail could not be sent")
        SWEEPERS.register("outbox.messages", requeue_abandoned)
        DESK_PANELS.register("outbox.letters", letters)
        EDITIONS.register(TEXTS.name, TEXTS)
        _lend_the_outbox()


def _lend_the_outbox() -> None:
    """Organisations stand below the outbox, so it is handed down to them, and their letters are its own."""
    from regulator.organisations.post import ADDRESS_CHANGED, INVITATION, POST
    from regulator.organisations.post import LETTERS as OF_THE_HOUSE
    from regulator.outbox.letters import LETTERS, Letter
    from regulator.outbox.payload import DAY, EMPLOYER, LINK, MAYBE_TEXT, TEXT
    from regulator.outbox.services import enqueue

    POST.register("outbox", enqueue)
    payloads = {
        INVITATION.name: {"employer": EMPLOYER, "role": TEXT, "link": LINK, "until": DAY},
        ADDRESS_CHANGED.name: {"employer": EMPLOYER, "before": MAYBE_TEXT, "after": MAYBE_TEXT},
    }
    for each in OF_THE_HOUSE:
        LETTERS.register(
            each.name,
            Letter(
                each.name,
                each.version,
                each.subject,
                each.forgotten,
                payload=payloads.get(each.name),
                needs=("link",) if each.forgotten else (),
            ),
        )
