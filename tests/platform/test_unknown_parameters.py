"""A parameter that there is not: refused by every address of the API that anybody may read, and named."""

from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from django.conf import settings
from django.test import Client

from tests.reference import ship_provisions
from tests.register.entries import entry
from tests.statistics.reports.room import Room

DOCUMENT: Final[Any] = schemathesis.openapi.from_path(
    Path(settings.BASE_DIR, "docs", "api", "openapi.yaml")
).raw_schema
READABLE: Final[dict[str, Any]] = {
    path: methods["get"]
    for path, methods in DOCUMENT["paths"].items()
    if "get" in methods and {} in methods["get"].get("security", [{}])
}
"""What everybody may read, as the document has it."""
REGISTER: Final = "/api/v1/register/"
REPORTS: Final = "/api/v1/statistics/reports/"


def filled(path: str) -> str:
    """The address of something that is there."""
    ship_provisions()
    for name, value in (("slug", entry().slug), ("year", "2023-24"), ("name", "notifications_by_modality")):
        path = path.replace(f"{{{name}}}", value)
    if path.startswith(REPORTS) and path != REPORTS:
        Room().published()
    return path


def errors(client: Client, address: str) -> dict[str, list[str]]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), answer.content
    assert "s-maxage" not in answer.get("Cache-Control", "")
    found: dict[str, list[str]] = answer.json()["errors"]
    return found


def test_the_document_has_what_anybody_may_read() -> None:
    assert {REGISTER, f"{REGISTER}{{slug}}/", f"{REGISTER}changes/", REPORTS} <= set(READABLE)
    assert len(READABLE) >= 8


@pytest.mark.django_db
@pytest.mark.parametrize("path", READABLE)
def test_each_address_refuses_what_it_does_not_know_and_takes_what_it_says(client: Client, path: str) -> None:
    address = filled(path)
    assert client.get(address).status_code == 200
    assert "400" in READABLE[path]["responses"]
    assert list(errors(client, f"{address}?no_such_thing=1")) == ["no_such_thing"]
    for each in READABLE[path].get("parameters", []):
        if each["in"] == "query":
            answer = client.get(address, {each["name"]: "\x00"})
            assert "no such parameter" not in answer.content.decode(), each["name"]


@pytest.mark.django_db
def test_a_misspelt_name_is_told_which_one_is_near(client: Client) -> None:
    [said] = errors(client, f"{REGISTER}?yaer=2023")["yaer"]
    assert said.startswith("There is no such parameter. Did you mean year? Choose among: ")
    [said] = errors(client, f"{REPORTS}?sinse=2023")["sinse"]
    assert said == "There is no such parameter. Did you mean since? Choose among: since."


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["page_size=2", "limit=2", "page=2", "year[]=2023", "Year=2023", "year=2023&offset=9"]
)
def test_other_services_names_do_not_answer_the_whole_register(client: Client, query: str) -> None:
    [(name, said)] = errors(client, f"{REGISTER}?{query}").items()
    assert name in query
    assert "cursor" in said[0]


@pytest.mark.django_db
def test_each_unknown_name_is_told_and_a_long_one_is_cut_short(client: Client) -> None:
    assert list(errors(client, f"{REGISTER}?a=1&b=2")) == ["a", "b"]
    assert list(errors(client, f"{REGISTER}?{'x' * 5000}=1")) == ["x" * 40]
    assert list(errors(client, f"{REGISTER}?%00=1")) == ["\x00"]
    assert len(errors(client, f"{REGISTER}?{'&'.join(f'n{each}=1' for each in range(500))}")) == 20


@pytest.mark.django_db
def test_what_may_not_be_done_is_told_before_what_is_not_known(client: Client) -> None:
    assert client.post(f"{REGISTER}?nonsense=1").status_code == 405
    assert client.head(f"{REGISTER}?nonsense=1").status_code == 400
