"""What deadlines record on a timeline, and the letters that they write."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "regulator.deadlines"
    verbose_name = "Deadlines"

    def ready(self) -> None:
        from regulator.casework.desk import DESK_PANELS
        from regulator.casework.kinds import EMPLOYER_EVENTS, EVENTS
        from regulator.deadlines import past, redaction
        from regulator.deadlines.desk import clocks, hang_clocks
        from regulator.deadlines.editions import KIND as CLOCKS
        from regulator.deadlines.kinds import REMINDER
        from regulator.deadlines.letters import PAYLOAD
        from regulator.editions.kinds import KINDS as EDITIONS
        from regulator.outbox.letters import LETTERS, Letter

        EVENTS.register("deadlines.opened", "Clock started")
        EVENTS.register("deadlines.met", "Clock stopped: done")
        EVENTS.register("deadlines.ended", "Clocks stopped: no longer needed")
        EVENTS.register("deadlines.resumed", "Clock running again")
        EVENTS.register("deadlines.extended", "Deadline extended")
        EVENTS.register("deadlines.redated", "Clock counted anew")
        EVENTS.register("deadlines.recounted", "Clock counted by a new rule")
        EVENTS.register("deadlines.more_time_asked", "More time asked for")
        EVENTS.register("deadlines.more_time_granted", "More time granted")
        EVENTS.register("deadlines.more_time_refused", "More time refused")
        EVENTS.register("deadlines.more_time_lapsed", "Request for more time no longer needed")
        EVENTS.register("deadlines.reminded", "Reminder sent")
        EVENTS.register("deadlines.escalated", "Overdue: escalated")
        EMPLOYER_EVENTS.register("deadlines.extended", "More time given")
        EMPLOYER_EVENTS.register("deadlines.redated", "Date counted anew")
        EMPLOYER_EVENTS.register("deadlines.recounted", "Date counted by a new rule")
        EMPLOYER_EVENTS.register("deadlines.more_time_asked", "More time asked for")
        EMPLOYER_EVENTS.register("deadlines.more_time_refused", "More time refused")
        EMPLOYER_EVENTS.register("deadlines.more_time_lapsed", "Request for more time no longer needed")
        hang_clocks()
        DESK_PANELS.register("deadlines.clocks", clocks)
        EDITIONS.register(CLOCKS.name, CLOCKS)
        reminder = Letter(
            REMINDER,
            1,
            "{{ deadline_label }}: due by {{ due_on | day }} ({{ reference }})",
            payload=PAYLOAD,
        )
        overdue = Letter(
            "deadline-overdue", 1, "Overdue: {{ deadline_label }} ({{ reference }})", payload=PAYLOAD
        )
        LETTERS.register(reminder.name, reminder)
        LETTERS.register(overdue.name, overdue)
        past.contribute()
        redaction.contribute()
