"""The legal dates, as a table: leap days, ends of years, and both changes of the clock."""

from datetime import date

import pytest

from enforcement import legal_clock

D = date.fromisoformat


@pytest.mark.parametrize(
    ("served", "shown", "closes", "publish"),
    [
        ("2025-03-03", "2025-03-23", "2025-03-24", "2025-04-07"),  # publication falls after clocks go forward
        ("2024-02-08", "2024-02-28", "2024-02-29", "2024-03-14"),  # the window ends on a leap day
        ("2024-02-09", "2024-02-29", "2024-03-01", "2024-03-15"),
        ("2023-02-08", "2023-02-28", "2023-03-01", "2023-03-15"),  # no leap day
        ("2024-02-29", "2024-03-20", "2024-03-21", "2024-04-04"),  # served on a leap day
        ("2026-03-28", "2026-04-17", "2026-04-18", "2026-05-02"),  # clocks go forward on the 29th
        ("2026-10-24", "2026-11-13", "2026-11-14", "2026-11-28"),  # clocks go back on the 25th
        ("2025-12-20", "2026-01-09", "2026-01-10", "2026-01-24"),
    ],
)
def test_dates_that_hang_on_service(served: str, shown: str, closes: str, publish: str) -> None:
    assert legal_clock.last_day_to_appeal_cautious(D(served)).on == D(shown)
    assert legal_clock.appeal_window_closes(D(served)).on == D(closes)
    assert legal_clock.earliest_compliance(D(served)).on == D(closes)
    assert legal_clock.publication_due(D(served)).on == D(publish)


@pytest.mark.parametrize(
    ("disposed", "due"),
    [("2024-02-15", "2024-02-29"), ("2025-02-15", "2025-03-01"), ("2025-10-20", "2025-11-03")],
)
def test_after_an_appeal_publication_counts_from_its_disposal(disposed: str, due: str) -> None:
    assert legal_clock.publication_due(D("2024-01-01"), disposed_on=D(disposed)).on == D(due)


@pytest.mark.parametrize(
    ("satisfied", "due"),
    [("2024-02-22", "2024-02-29"), ("2023-02-22", "2023-03-01"), ("2025-12-28", "2026-01-04")],
)
def test_compliance_shows_within_seven_days(satisfied: str, due: str) -> None:
    assert legal_clock.register_update_due(D(satisfied)).on == D(due)


@pytest.mark.parametrize(
    ("comply", "lodged", "disposed", "moved"),
    [
        ("2025-04-14", "2025-03-10", "2025-03-10", "2025-04-14"),
        ("2025-04-14", "2025-03-10", "2025-06-10", "2025-07-15"),
        ("2024-02-28", "2024-02-01", "2024-02-02", "2024-02-29"),
    ],
)
def test_suspension_moves_the_compliance_date_by_its_days(
    comply: str, lodged: str, disposed: str, moved: str
) -> None:
    found = legal_clock.compliance_after_appeal(D(comply), lodged_on=D(lodged), disposed_on=D(disposed))
    assert found.on == D(moved)


@pytest.mark.parametrize(
    ("disposed", "until", "due"),
    [
        (None, "2025-03-24", "2025-04-07"),
        ("2025-03-03", "2025-03-17", "2025-03-18"),  # decided at once: the trade-secret window is the later
        ("2025-03-10", "2025-03-17", "2025-03-24"),
        ("2025-03-20", "2025-03-19", "2025-04-03"),
        ("2025-06-02", "2025-03-24", "2025-06-16"),
    ],
)
def test_publication_waits_for_the_appeal_and_for_the_trade_secret_window(
    disposed: str | None, until: str, due: str
) -> None:
    served, disposed_on = D("2025-03-03"), D(disposed) if disposed else None
    assert legal_clock.publication_withheld_until(served, disposed_on=disposed_on).on == D(until)
    assert legal_clock.publication_due(served, disposed_on=disposed_on).on == D(due)


def test_each_date_says_how_it_was_found() -> None:
    served = D("2025-03-03")
    assert legal_clock.last_day_to_appeal_cautious(served).derivation == (
        "21 days beginning with the day of service, 3 March 2025. "
        "The last day, 23 March 2025, is a Sunday; the law does not move it."
    )
    assert "3 March 2025" in legal_clock.appeal_window_closes(served).derivation
    assert "24 March 2025" in legal_clock.publication_due(served).derivation
    assert "1 April 2025" in legal_clock.register_update_due(D("2025-04-01")).derivation


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            legal_clock.last_day_to_appeal_cautious(D("2026-10-18")),
            "21 days beginning with the day of service, 18 October 2026. "
            "The last day, 7 November 2026, is a Saturday; the law does not move it.",
        ),
        (
            legal_clock.earliest_compliance(D("2026-10-17")),
            "Not before the time for appeal ends: 21 days after the day of service, 17 October 2026, counted "
            "generously. The earliest day, 7 November 2026, is a Saturday; the law does not move it.",
        ),
        (
            legal_clock.register_update_due(D("2026-12-18")),
            "7 days after the notice changed on 18 December 2026. "
            "The last day, 25 December 2026, is a bank holiday; the law does not move it.",
        ),
        (
            legal_clock.compliance_after_appeal(
                D("2026-11-01"), lodged_on=D("2026-10-20"), disposed_on=D("2026-10-26")
            ),
            "1 November 2026, moved by the 6 days from 20 October 2026 to 26 October 2026 for which the "
            "appeal suspended the notice. The last day, 7 November 2026, is a Saturday; the law does not "
            "move it.",
        ),
    ],
)
def test_the_day_on_which_offices_are_closed_is_named_not_that_of_service(
    found: legal_clock.LegalDate, told: str
) -> None:
    assert found.derivation == told
