"""The OpenAPI document: valid 3.1, made without a warning, and saying what the API does."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator


@pytest.fixture
def document(client: Client) -> Any:
    answer = client.get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.django_db
def test_the_document_is_valid_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


@pytest.mark.django_db
def test_it_names_every_route_of_the_api(document: Any) -> None:
    found = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert found == {
        ("/api/v1/criteria/check", "post"),
        ("/api/v1/notifications/", "get"),
        ("/api/v1/notifications/", "post"),
        ("/api/v1/notifications/{id}/", "get"),
        ("/api/v1/notifications/{id}/", "patch"),
        ("/api/v1/notifications/{id}/submit/", "post"),
        ("/api/v1/register/", "get"),
        ("/api/v1/register/{slug}/", "get"),
    }


@pytest.mark.django_db
def test_it_is_made_without_a_warning() -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--api-version", "v1", stdout=out)
    assert "openapi: 3.1" in out.getvalue()
