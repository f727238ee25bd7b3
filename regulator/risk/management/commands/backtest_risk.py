"""``manage.py backtest_risk --seeds 30``: the engine against simpler rankings and an oracle, in a made-up
England."""

from typing import TYPE_CHECKING, Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulator.risk.parameters import read_parameters
from regulator.risk.queries import selections
from regulator.risk.record import Record, record_of

if TYPE_CHECKING:
    from regulator.risk.backtest import Found

FIRST_SEED: Final = 20_260_000
"""The seeds that are reported. Nothing was ever tuned on them."""


class Command(BaseCommand):
    help = (
        "Simulate Englands, in which it is known who under-reports and whose practice is poor, and print how "
        "each method ranks them. It compares methods with each other and forecasts no real hit rate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seeds", type=int, default=30, help="how many Englands")
        parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help="the seed of the first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seeds"] < 1:
            raise CommandError("Give a number of seeds of 1 or more.")
        from regulator.risk.backtest import backtest
        from regulator.risk.simulation.world import HOSTILE, USUAL

        parameters = read_parameters()
        seeds = range(options["first_seed"], options["first_seed"] + options["seeds"])
        self.stdout.write(
            f"Model {parameters.version}, {len(seeds)} Englands of {USUAL.employers} employers."
        )
        for title, world in (("as the model assumes", USUAL), ("hostile to its assumptions", HOSTILE)):
            self.stdout.write(f"\nAn England {title}")
            self._tell(backtest(seeds, world, parameters), parameters.places)
        self._tell_record(record_of(selections()))
        self.stdout.write(
            "\nThe simulated figures compare methods in a made-up world. They forecast no real hit rate."
        )

    def _tell(self, found: "Found", places: int) -> None:
        for title, methods in (
            ("under-reporting, by the counts alone", found.under),
            ("under-reporting or poor practice, by everything", found.either),
        ):
            self.stdout.write(f"\n  {title:<50} precision at {places}     AUC")
            for method in sorted(methods, key=lambda each: each.precision):
                self.stdout.write(f"    {method.name:<48} {method.precision:>15.3f} {method.auc:>7.3f}")
        self.stdout.write(
            f"\n  P(under-reporting): calibration slope {found.slope:.2f}, offset {found.offset:+.2f}, "
            f"expected calibration error {found.error:.3f}"
        )
        self.stdout.write(f"  90% interval of the rate: coverage {found.coverage:.3f}")

    def _tell_record(self, record: Record) -> None:
        self.stdout.write("\nReal inspections within a year of a run, by how they were chosen")
        for arm in record.arms:
            limits = f"95% limits {arm.low:.2f} to {arm.high:.2f}"
            name = arm.name or "not on record"
            self.stdout.write(f"    {name:<48} {arm.found} of {arm.inspections} found breaches, {limits}")
        if record.lift is not None:
            self.stdout.write(f"    lift of the score over random: {record.lift:.2f}")
        self.stdout.write(
            "  The score's arm found more than chance explains."
            if record.shown
            else "  That the score finds more than random places do is not yet shown."
        )
