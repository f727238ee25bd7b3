"""The OpenAPI document: valid 3.1, made without a warning, and saying what the API does."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
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
def test_it_is_the_one_that_is_committed() -> None:
    """Whoever changes the API sees it in the change: `make openapi` writes the document anew."""
    out = StringIO()
    call_command("spectacular", "--api-version", "v1", stdout=out)
    committed = Path(settings.BASE_DIR, "docs", "api", "openapi.yaml").read_text(encoding="utf-8")
    assert out.getvalue().strip() == committed.strip(), "run `make openapi` and commit what it writes"


@pytest.mark.django_db
def test_it_is_made_without_a_warning() -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--api-version", "v1", stdout=out)
    assert "openapi: 3.1" in out.getvalue()
