"""What the firm's own account sent, newest first, with findings and receipts."""

from __future__ import annotations

import streamlit as st

from front import figures, paths
from front.filing.progress import standing_pill
from front.filing.rows import column_label, said
from front.frame import nothing, panel
from front.markup import esc
from front.visitor import Visitor
from greenmfg.contract import Contract
from greenmfg.portal import Office, OwnSubmission

_PAGE = 20
_FINDINGS = 50


def sent_panel(who: Visitor, office: Office, uscc: str) -> None:
    say = who.say
    shown = int(st.session_state.get("mine_shown", _PAGE))
    own = office.submissions(uscc, shown + 1)
    if not own:
        nothing(say("mine.none_title"), say("mine.none"))
        return
    with panel("mine"):
        st.html("".join(_submission(who, office, one) for one in own[:shown]))
        if len(own) > shown and st.button(say("mine.more"), key="mine_more"):
            st.session_state["mine_shown"] = shown + _PAGE
            st.rerun()


def _submission(who: Visitor, office: Office, own: OwnSubmission) -> str:
    say, submission = who.say, own.submission
    contract = office.every_contract.get(submission.form or "")
    title = who.language.of(contract.title) if contract else say("mine.no_form")
    months = ", ".join(figures.month_code(f.period) for f in own.filings if f.period)
    counts = " · ".join(
        say(f"mine.{severity}", count=own.count(severity))
        for severity in ("error", "warning")
        if own.count(severity)
    )
    head = (
        f'<span class="what"><b>{esc(title)}</b> {esc(months)}</span>'
        f'<span class="state">{standing_pill(who, own)}</span>'
        f"<small>{esc(figures.stamp(submission.attempt_received_at))} · {esc(submission.file_name)}"
        f"{f' · {esc(counts)}' if counts else ''}</small>"
    )
    return (
        f'<details class="mine"><summary>{head}</summary>'
        f"<div>{_facts(who, own)}{_outcome(who, contract, own)}</div></details>"
    )


def _facts(who: Visitor, own: OwnSubmission) -> str:
    say, submission = who.say, own.submission
    address = esc(who.address(f"{paths.RECEIPT}{submission.receipt}"))
    versions = ", ".join(say("behind.version", version=f.version) for f in own.filings)
    facts = (
        (say("column.receipt"), f'<a href="{address}" target="_blank" rel="noopener">'
         f"{esc(submission.receipt)}</a>"),
        (say("mine.version"), esc(versions or figures.NOTHING)),
        (say("mine.channel"), esc(say(f"channel.{submission.channel}"))),
        ("SHA-256", f"<code>{esc(submission.sha256[:16])}…</code>"),
    )  # fmt: skip
    items = "".join(f"<div><dt>{esc(word)}</dt><dd>{html}</dd></div>" for word, html in facts)
    return f'<dl class="facts">{items}</dl>'


def _outcome(who: Visitor, contract: Contract | None, own: OwnSubmission) -> str:
    refusal = own.submission.refusal
    of = who.language.of
    if refusal is not None:
        return f"<p>{esc(of(refusal.message))} {esc(of(refusal.remedy))}</p>"
    items = ""
    for finding in own.findings[:_FINDINGS]:
        word = esc(who.say(f"severity.{finding.severity}"))
        reason = ""
        if finding.explained_by:
            words = who.say("check.explained", reason=finding.explained_by)
            reason = f' <span class="chip good">{esc(words)}</span>'
        items += (
            f'<li class="{finding.severity}"><b>{word} {esc(finding.id)} · '
            f"{esc(column_label(who, contract, finding))}</b> {said(who, finding)}{reason}</li>"
        )
    left = len(own.findings) - _FINDINGS
    if left > 0:
        items += f"<li>{esc(who.say('check.more_findings', count=left))}</li>"
    return f"<ul>{items}</ul>" if items else f'<p class="quiet">{esc(who.say("mine.clean"))}</p>'
