"""A contract that contradicts itself is refused when it is read, in words that name the column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from greenmfg.contract import Contract, ContractError, load_contracts
from greenmfg.contract.codes import CodeLists
from greenmfg.contract.faults import code_list_faults, measures

SOUND = """\
form: water_monthly
kind: monthly
title: {zh: 用水月报, en: Monthly report of water}
each_row_is: {zh: 一家企业一个月, en: one enterprise and month}
key: [uscc, period]
subject: [uscc]
period: period
replaces: subject_period
filed_by: [steward, firm]
columns:
  - {name: uscc, header: 企业, label: Firm, type: uscc, required: cell, help: {zh: 企, en: Firm}}
  - {name: period, header: 月份, label: Month, type: month, help: {zh: 月, en: Month}}
  - name: cost_10k_cny
    header: 水费(万元)
    aliases: [水费]
    label: Cost
    type: decimal
    unit: 10,000 CNY
    minimum: 0
    maximum: 100
    help: {zh: 水费, en: Cost}
  - name: kind
    header: 水源
    label: Source
    type: code stream
    default: 自愿性
    help: {zh: 水源, en: Source}
  - {name: note, header: 备注, label: N, type: text, max_characters: 9, help: {zh: 注, en: N}}
"""


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Contract]:
    def load(text: str) -> Contract:
        (tmp_path / "water_monthly.yml").write_text(text, encoding="utf-8")
        return load_contracts(tmp_path)["water_monthly"]

    return load


def test_a_sound_contract_loads(load: Callable[[str], Contract]) -> None:
    contract = load(SOUND)
    assert contract.names == ("uscc", "period", "cost_10k_cny", "kind", "note")
    assert contract["cost_10k_cny"].sql_type == "decimal(19,6)"


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("type: uscc", "type: ussc", "uscc: type ussc is none of"),
        (
            "type: code stream",
            "type: code",
            "kind: a code column, and no other, names",
        ),
        ("type: text", "type: text stream", "note: a code column, and no other"),
        ("maximum: 100", "maximum: -1", "no number lies between"),
        ("maximum: 100", "maximum: 0\n    above_minimum: true", "no number lies between"),
        ("maximum: 100", "maximum: viel", "is not a number"),
        ("minimum: 0\n", "above_minimum: true\n", "above_minimum without a minimum"),
        ("max_characters: 9", "minimum: 9", "note: minimum and maximum are for numbers"),
        ("max_characters: 9", "max_characters: 0", "max_characters is for text"),
        ("header: 水源", "header: 水费（万元）", "水费（万元） already stands for cost_10k_cny"),
        ("aliases: [水费]", "aliases: [水 源]", "already stands for cost_10k_cny"),
        ("aliases: [水费]", "aliases: [水费（万元）]", "an alias repeats"),
        ("aliases: [水费]", "aliases: [水费(千元)]", "alias 水费(千元) has another scale (千元)"),
        ("aliases: [水费]", "aliases: [水费(亿元)]", "alias 水费(亿元) has another scale (亿元)"),
        (
            "help: {zh: 月, en: Month}",
            "help: {zh: 月, en: ''}",
            "period: header, label and help",
        ),
        ("help: {zh: 月, en: Month}", "help: {zh: 月}", "period: a word is missing"),
        ("help: {zh: 月, en: Month}", "help: {zh: 月, en: a, b}", "period: a word is missing"),
        ("label: Month, ", "", "period: a word is missing"),
        ("required: cell", "required: cells", "required is one of"),
        ("minimum: 0", "decimals: 3", "only decimals, of 6 or 12 places"),
        ("minimum: 0", "minimun: 0", "no contract has the word minimun"),
        ("kind: monthly", "kind: weekly", "kind weekly is none of"),
        ("kind: monthly", "kind: events", "a monthly form, and no other"),
        ("replaces: subject_period", "replaces: all", "replaces all is none of"),
        ("[steward, firm]", "[mayor]", "filed_by mayor is none of"),
        ("key: [uscc, period]", "key: [uscc, month]", "month is named as a key"),
        ("key: [uscc, period]", "key: []", "a form without a key"),
        ("\nperiod: period", "\nperiod: note", "note is the period but not a month"),
        ("name: note", "name: kind", "a column name stands twice"),
        ("form: water_monthly\n", "", "a word is missing"),
        ("columns:", "columns: [", "not YAML"),
    ],
)
def test_a_contradiction_is_refused_by_name(
    load: Callable[[str], Contract], was: str, becomes: str, words: str
) -> None:
    assert was in SOUND
    with pytest.raises(ContractError) as refusal:
        load(SOUND.replace(was, becomes, 1))
    assert words in str(refusal.value)
    assert "water_monthly.yml" in str(refusal.value)


def test_one_form_is_declared_once(tmp_path: Path) -> None:
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text(SOUND, encoding="utf-8")
    with pytest.raises(ContractError, match="declared twice"):
        load_contracts(tmp_path)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("工业总产值(万元)", {"万元"}),
        ("购进金额(千元)", {"千元"}),
        ("采用折标系数(吨标准煤/计量单位)", {"吨标准煤"}),
        ("电量(万千瓦时)", {"万千瓦时"}),
        ("报告期(年月)", set()),
        ("期末从业人员(人)", set()),
    ],
)
def test_the_scale_of_a_header_is_read_off_it(header: str, expected: set[str]) -> None:
    assert measures(header) == expected


def test_every_code_list_that_a_contract_names_exists(
    contracts: Mapping[str, Contract], codes: CodeLists
) -> None:
    assert list(code_list_faults(contracts, codes)) == []


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("code stream", "code rivers", "there is no code list rivers"),
        ("default: 自愿性", "default: 井水", "default 井水 is not in list stream"),
    ],
)
def test_a_missing_list_or_a_default_outside_it_is_named(
    load: Callable[[str], Contract], codes: CodeLists, was: str, becomes: str, words: str
) -> None:
    contract = load(SOUND.replace(was, becomes))
    assert [words in fault for fault in code_list_faults({"water": contract}, codes)] == [True]


def test_every_number_says_its_unit(contracts: Mapping[str, Contract]) -> None:
    without = [
        f"{contract.form}.{column.name}"
        for contract in contracts.values()
        for column in contract.columns
        if column.type == "decimal" and not column.unit
    ]
    assert without == []
