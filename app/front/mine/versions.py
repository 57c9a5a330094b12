"""Every version of one report: its state, its findings, and who did what when."""

from __future__ import annotations

import streamlit as st

from front import figures, paths
from front.filing.progress import STANDING_TONES
from front.filing.rows import column_label, said
from front.frame import head, nothing, panel
from front.markup import chip, esc, pill
from front.mine.difference import difference_panel
from front.tones import Tone
from front.visitor import Visitor
from greenmfg.portal import Office, OwnVersion, Step
from greenmfg.records import FilingKey

_FINDINGS = 50


def versions_panel(who: Visitor, office: Office, uscc: str) -> None:
    say = who.say
    keys = office.keys(uscc)
    if not keys:
        nothing(say("mine.none_title"), say("mine.none"))
        return
    with panel("versions"):
        head(say, say("versions.title"), say("versions.sub"), [say("versions.method")], None)
        key = st.selectbox(
            say("versions.report"),
            keys,
            format_func=lambda one: _key_words(who, office, one),
            key="versions_of",
            width=420,
        )
        versions = office.versions(uscc, key)
        st.html("".join(_version(who, office, one) for one in reversed(versions)))
    if len(versions) > 1:
        difference_panel(who, office, uscc, versions)
    else:
        st.html(f'<p class="quiet">{esc(say("versions.only_one"))}</p>')


def _key_words(who: Visitor, office: Office, key: FilingKey) -> str:
    title = who.language.of(office.every_contract[key.form].title)
    if key.period is None:
        return title
    return f"{figures.month_words(key.period, who.language)} · {title}"


def _version(who: Visitor, office: Office, one: OwnVersion) -> str:
    say, filing = who.say, one.filing
    state = pill(say(f"standing.{filing.state}"), STANDING_TONES[filing.state])
    file_name = f" · {esc(filing.file_name)}" if one.sent_by_us else ""
    corrects = chip(say("correction.word"), Tone.WARN) if one.correction is not None else ""
    summary = (
        f'<span class="what"><b>{esc(say("behind.version", version=filing.version))}</b> {corrects}'
        f'</span><span class="state">{state}</span>'
        f"<small>{esc(figures.stamp(filing.received_at))}{file_name}</small>"
    )
    opened = " open" if filing.state in ("accepted", "awaiting_review", "returned") else ""
    return (
        f'<details class="mine"{opened}><summary>{summary}</summary><div>{_facts(who, one)}'
        f"{_steps(who, one.steps)}{_findings(who, office, one)}</div></details>"
    )


def _facts(who: Visitor, one: OwnVersion) -> str:
    say, filing = who.say, one.filing
    facts = [(say("check.rows_read"), str(filing.rows))]
    if filing.months_covered == 2:
        facts.append((say("versions.covers"), say("behind.two_months")))
    items = "".join(f"<div><dt>{esc(word)}</dt><dd>{esc(v)}</dd></div>" for word, v in facts)
    if one.sent_by_us:
        address = esc(who.address(f"{paths.RECEIPT}{filing.receipt}"))
        items = (
            f"<div><dt>{esc(say('column.receipt'))}</dt><dd>"
            f'<a href="{address}" target="_blank" rel="noopener">{esc(filing.receipt)}</a>'
            f"</dd></div>{items}"
        )
    else:
        word = say("versions.by_another")
        items += f"<div><dt>{esc(say('column.receipt'))}</dt><dd>{esc(word)}</dd></div>"
    note = ""
    if one.correction is not None:
        why = one.correction.reason or say("correction.no_reason")
        words = say(
            "correction.told",
            version=one.correction.of_version,
            due=one.correction.due_on.isoformat(),
            reason=why,
        )
        note = f'<p class="asked">{esc(words)}</p>'
    return f'<dl class="facts">{items}</dl>{note}'


def _steps(who: Visitor, steps: tuple[Step, ...]) -> str:
    items = "".join(_step(who, step) for step in steps)
    return f'<ol class="log" aria-label="{esc(who.say("versions.log"))}">{items}</ol>'


def _step(who: Visitor, step: Step) -> str:
    say = who.say
    words = say(f"deed.{step.deed}", detail=_detail(who, step))
    reason = f" <q>{esc(step.reason)}</q>" if step.reason else ""
    # "We" are the firm, or its agent where the agent reads.
    ours = step.actor == "own" and who.person.acting_for is not None
    actor = say("actor.own_agent" if ours else f"actor.{step.actor}")
    return (
        f"<li><time>{esc(figures.stamp(step.at))}</time> "
        f"<b>{esc(actor)}</b> <span>{esc(words)}{reason}</span></li>"
    )


def _detail(who: Visitor, step: Step) -> str:
    if step.deed in ("received", "received_again", "explained") and step.detail:
        return who.say(f"channel.{step.detail}")
    if step.deed == "decided":
        return who.say(f"standing.{step.detail}")
    return step.detail


def _findings(who: Visitor, office: Office, one: OwnVersion) -> str:
    if not one.findings:
        return f'<p class="quiet">{esc(who.say("mine.clean"))}</p>'
    contract = office.every_contract[one.filing.form]
    items = ""
    for finding in one.findings[:_FINDINGS]:
        word = esc(who.say(f"severity.{finding.severity}"))
        explained = ""
        if finding.explained_by:
            words = who.say("check.explained", reason=finding.explained_by)
            explained = f' <span class="chip good">{esc(words)}</span>'
        items += (
            f'<li class="{finding.severity}"><b>{word} {esc(finding.id)} · '
            f"{esc(column_label(who, contract, finding))}</b> {said(who, finding)}{explained}</li>"
        )
    left = len(one.findings) - _FINDINGS
    more = f"<li>{esc(who.say('check.more_findings', count=left))}</li>" if left > 0 else ""
    return f"<ul>{items}{more}</ul>"
