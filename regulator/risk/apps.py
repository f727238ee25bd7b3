"""What risk records on the chain of events, what it follows there, and what it puts right."""

from typing import Final

from django.apps import AppConfig

_EVENTS: Final = {
    "run_finished": "Risk run finished",
    "run_abandoned": "Risk run given up: its worker died, or the model changed",
    "rescored": "Employer scored again",
    "override_proposed": "Override of a risk score proposed",
    "override_confirmed": "Override of a risk score confirmed",
    "override_refused": "Override of a risk score refused",
    "override_withdrawn": "Override of a risk score withdrawn",
}


class RiskConfig(AppConfig):
    name = "regulator.risk"
    verbose_name = "Risk"

    def ready(self) -> None:
        from regulator.casework.chain import FOLLOWERS
        from regulator.casework.kinds import EVENTS
        from regulator.organisations.house import HOUSE, HousePage
        from regulator.outbox.sweep import SWEEPERS
        from regulator.risk import employer_section
        from regulator.risk.services import sweep_rescoring, sweep_runs
        from regulator.risk.services.following import RESCORER

        for name, label in _EVENTS.items():
            EVENTS.register(f"risk.{name}", label)
        FOLLOWERS.register("risk", RESCORER.name)
        SWEEPERS.register("risk.runs", sweep_runs)
        SWEEPERS.register("risk.rescoring", sweep_rescoring)
        employer_section.contribute()
        HOUSE.register("rate", HousePage("Reporting rate", "risk:own_rate", "organisations.see_activity"))
