"""The API keeps the schema it publishes, whatever is sent: Schemathesis tries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from filing_home import SHIPS, FilingHome
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from front import paths
from front.api.app import create_api
from front.gate import Gate
from front.paths import Paths
from greenmfg.access import open_door, open_keyring
from greenmfg.settings import ApiLimits


@pytest.fixture(scope="module")
def api_schema(filing_home: FilingHome) -> Any:
    """The schema of the API of a home in which nothing is limited."""
    unlimited = ApiLimits(requests_per_minute=10**6, files_per_minute=10**6)
    home = replace(filing_home.settings, api=unlimited)
    app = Starlette(
        routes=[Mount(paths.API, create_api(home, open_keyring(home)))],
        middleware=[Middleware(Gate, door=open_door(home), paths=Paths(frozenset()))],
    )
    return schemathesis.openapi.from_asgi(f"{paths.API}/openapi.json", app)


@pytest.fixture(scope="module")
def secret(filing_home: FilingHome) -> str:
    ring = open_keyring(filing_home.settings)
    return ring.issue(SHIPS, "Schemathesis", "administrator", 1)[1]


EXCLUDED = [
    # That `explanations` is a text which must be JSON is more than its schema can demand.
    positive_data_acceptance,
    # In forms and addresses a number is a text too, and a parameter that nobody asked for is ignored.
    negative_data_rejection,
]
OPERATIONS = (
    ("POST", "/check"),
    ("POST", "/submissions"),
    ("GET", "/submissions"),
    ("GET", "/submissions/{receipt}"),
    ("GET", "/submissions/{receipt}/verdict"),
    ("GET", "/submissions/{receipt}/findings"),
)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_one_that_the_schema_announces(
    api_schema: Any, secret: str, method: str, path: str, mode: GenerationMode
) -> None:
    @given(case=api_schema[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def tried(case: schemathesis.Case) -> None:
        case.call_and_validate(
            headers={"Authorization": f"Bearer {secret}"},
            excluded_checks=EXCLUDED,
        )

    tried()


def test_every_operation_of_the_schema_is_tried(api_schema: Any) -> None:
    found = {
        (method.upper(), path)
        for path, item in api_schema.raw_schema["paths"].items()
        for method in item
    }
    assert found == set(OPERATIONS)
