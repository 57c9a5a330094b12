"""A newer version of the software over a home that an older one published."""

from __future__ import annotations

import duckdb
import pyarrow.parquet as pq
import pytest
from homes import SHIPS, Home, electricity

from greenmfg import warehouse
from greenmfg.pipeline import releasing, state


def test_after_an_upgrade_the_release_is_made_anew_once(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert releasing.renew_after_upgrade(home.shop) is None
    home.file_rows("energy_monthly", electricity("202610", 100))
    home.run()
    first = releasing.build_and_publish(home.shop)
    assert first.built
    assert releasing.renew_after_upgrade(home.shop) is None
    assert not releasing.build_and_publish(home.shop).built
    # Other models: what they would make, nobody knows before they are run.
    monkeypatch.setattr("greenmfg.warehouse.project_of", lambda _settings: "newer")
    renewed = releasing.renew_after_upgrade(home.shop)
    assert renewed is not None
    current = warehouse.current(home.settings)
    assert current is not None
    assert current.release == renewed.release != first.release
    assert releasing.renew_after_upgrade(home.shop) is None


def test_rows_of_before_a_column_was_added_are_read_with_a_blank_there(home: Home) -> None:
    (register,) = home.shop.registry.filings_in_force("enterprise_register", subjects={SHIPS})
    path = home.settings.rows / str(register.rows_path)
    pq.write_table(pq.read_table(path).drop_columns(["contact_name"]), path)
    rows = state.world(home.settings, home.shop.contracts, home.shop.registry).register
    assert rows is not None
    assert set(rows["contact_name"].to_pylist()) == {None}
    assert SHIPS in rows["uscc"].to_pylist()
    releasing.build_and_publish(home.shop)
    with duckdb.connect(str(home.settings.warehouse), read_only=True) as workbench:
        filed = "select uscc, contact_name from filed.enterprise_register where uscc = ?"
        assert workbench.execute(filed, [SHIPS]).fetchall() == [(SHIPS, None)]


def test_a_workbench_of_before_a_column_was_added_is_made_anew(home: Home) -> None:
    first = releasing.build_and_publish(home.shop)
    with duckdb.connect(str(home.settings.warehouse)) as workbench:
        workbench.execute("alter table filed.enterprise_register drop column contact_name")
    second = releasing.build_and_publish(home.shop, force=True)
    assert second.built
    assert second.release != first.release
    assert second.rows_added["enterprise_register"] == 3


def test_a_parameter_that_is_new_with_the_software_waits_for_nobody(home: Home) -> None:
    newer = {
        "parameter": "示例参数",
        "value": "1",
        "unit": "示例",
        "basis": "示例",
        "valid_from": "2020-01-01",
    }
    home.file_rows("check_parameters", newer, account="system")
    assert home.run().awaiting_review == 0
    home.file_rows("check_parameters", {**newer, "parameter": "写错的参数"})
    assert home.run().awaiting_review == 1
