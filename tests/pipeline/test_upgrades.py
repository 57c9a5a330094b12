"""A newer version of the software over a home that an older one published."""

from __future__ import annotations

import pytest
from homes import Home, electricity

from greenmfg import warehouse
from greenmfg.pipeline import releasing


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
