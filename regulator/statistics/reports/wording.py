"""What the page of methods says in words of its own; what a figure counts is the figure's to say."""

from typing import Final

from regulator.statistics.tables import MEANING_OF

MARKS: Final = tuple((mark.value, meaning[:1].upper() + meaning[1:]) for mark, meaning in MEANING_OF.items())
METHODS: Final = (
    (
        "What is counted by which day",
        (
            "A notification counts in the year in which CQC received it and gave it its reference, by the "
            "clock of London, whenever the incident happened. Only statutory notifications of significant "
            "accidental or unintended exposures count. Those withdrawn, or found not notifiable, do not.",
            "Inspections count by the day of the visit, notices by the day of service.",
            "More notifications are not worse care. They come from more openness and more activity too.",
        ),
    ),
    (
        "Frozen figures",
        (
            "Cases go on after a year is over: a notification may be withdrawn, a cause coded later. A "
            "report is therefore frozen on a day, which it states, and a second person signs what was "
            "frozen. A published report never changes: a corrected one is a new edition. Only a case of the "
            "library of learning that was withdrawn since is not shown in it any more.",
            "Where two figures of one report contradict each other, the portal refuses to freeze it.",
        ),
    ),
    (
        "Rounding",
        (
            "Shares are rounded each by itself, halves up, so they may not add up to 100%. Where they do "
            "not, a note under the table says so. Counts are never rounded.",
        ),
    ),
    (
        "Rates, changes and chance",
        (
            "An interval stated beside a count, a rate or a share is exact, and holds 95 times in 100: after "
            "Garwood (1936) for counts and rates, after Clopper and Pearson (1934) for shares.",
            "A change between two years is a change of counts. Where chance alone could easily have made it, "
            "that is said in words beside it.",
        ),
    ),
    (
        "Small numbers",
        (
            "Where a small number in a public breakdown could let somebody be recognised, it is kept back, "
            "and so are as many others as it takes that nobody can work it out by subtraction.",
        ),
    ),
)
"""Headings with their paragraphs."""
