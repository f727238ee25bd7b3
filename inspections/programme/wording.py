"""Why a place is on a programme, in words for staff: reasons to look, never a verdict. Pure but for the run's
day."""

from inspections.programme.drawing import Arm, Drawn
from regulator.casework.wording import as_text
from regulator.risk.models import RiskRun


def why(drawn: Drawn, run: RiskRun | None) -> str:
    """One sentence for the place."""
    candidate = drawn.candidate
    if drawn.arm is Arm.RULE:
        return f"A rule asks for it: {candidate.rule.replace('_', ' ')}."
    if drawn.arm is Arm.TIME:
        seen = (
            f"Last visited on {as_text(candidate.inspected_on)}"
            if candidate.inspected_on
            else "Never inspected"
        )
        return f"{seen}: among those who have waited longest."
    if drawn.arm is Arm.RANDOM:
        chances = drawn.probability
        return f"Drawn by chance, {chances.numerator} in {chances.denominator}: a sample of whoever was left."
    as_of = f" as of {as_text(run.as_of)}" if run else ""
    share = float(candidate.score or 0)
    return f"The score{as_of} gives a probability of {share:.0%} of under-reporting or poor practice."
