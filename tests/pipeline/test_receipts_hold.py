from __future__ import annotations

import sqlite3

from homes import Home

from greenmfg.pipeline import doctoring


def test_doctor_names_the_first_receipt_that_was_altered(home: Home) -> None:
    receipt = home.file_sample("energy_corrected.csv")
    home.file_sample("output_good.xlsx")
    assert not [a for a in doctoring.examine(home.settings) if "回执链" in a.what]

    file = home.settings.registry_url.removeprefix("sqlite:///")
    with sqlite3.connect(file) as connection:
        connection.execute(
            "update submission set received_at = '2026-01-01 00:00:00' where receipt = ?",
            [receipt.number],
        )

    (found,) = [a for a in doctoring.examine(home.settings) if "回执链" in a.what]
    assert f"breaks at {receipt.number}" in found.what
