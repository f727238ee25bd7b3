"""What retention contributes: its events and letters, the policies as reference data, its deeds and panels on
the desk, and what a case's past says of legal holds."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "regulator.retention"
    verbose_name = "Retention"

    def ready(self) -> None:
        from django.core.checks import register

        from regulator.casework.kinds import EVENTS
        from regulator.editions.kinds import KINDS as EDITIONS
        from regulator.outbox.letters import LETTERS
        from regulator.retention import desk, hindrances, past
        from regulator.retention.checks import every_kind_has_a_policy
        from regulator.retention.editions import KIND
        from regulator.retention.letters import LETTERS as OWN

        register(every_kind_has_a_policy)
        EVENTS.register("retention.hold_placed", "Legal hold placed")
        EVENTS.register("retention.hold_released", "Legal hold released")
        EVENTS.register("retention.proposed", "List of cases to be removed put together")
        EVENTS.register("retention.approved", "List of cases to be removed approved")
        EVENTS.register("retention.refused", "List of cases to be removed refused")
        EVENTS.register("retention.withdrawn", "List of cases to be removed withdrawn")
        EVENTS.register("retention.finished", "List of cases to be removed carried out")
        EDITIONS.register(KIND.name, KIND)
        for letter in OWN:
            LETTERS.register(letter.name, letter)
        hindrances.contribute()
        desk.contribute()
        past.contribute()
