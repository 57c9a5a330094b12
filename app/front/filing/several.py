"""Several files in one go: a year's back-files, or all forms of a month.

Each has its own verdict and its own receipt; one declaration files those that may be filed. What
has errors stays behind and holds back none of the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from front import data, figures, paths
from front.filing import verdict
from front.filing.checked import CheckBroke, CheckedFile, checked_together
from front.filing.correction import correction_reason
from front.filing.file import Explained, file_all_and_show, upload_number
from front.filing.office import office_for
from front.filing.progress import beat, standing_pill
from front.filing.reasons import reasons
from front.filing.shown import show_verdict
from front.markup import esc, pill
from front.tones import Tone
from front.visitor import Visitor, visitor
from greenmfg.portal import Office, OwnSubmission
from greenmfg.records import Explanation, Refusal

# Far above a year of one firm; what is larger comes by the inbox.
UPLOAD_MB = 20
MOST_FILES = 40


def several_files(who: Visitor, office: Office, uscc: str) -> int:
    """Steps 2 and 3 for several files. Returns the number of the step that is reached."""
    say = who.say
    uploads = st.file_uploader(
        say("several.upload", most=MOST_FILES),
        key=f"uploads_{upload_number()}",
        help=say("report.upload_help"),
        accept_multiple_files=True,
        max_upload_size=UPLOAD_MB,
    )
    if not uploads:
        return 1
    if len(uploads) > MOST_FILES:
        words = f"<p>{esc(say('several.too_many', most=MOST_FILES))}</p>"
        st.html(verdict.box("bad", say("several.too_many_title", count=len(uploads)), words))
        return 2
    try:
        files = checked_together(office, uscc, [(u.name, u.getvalue()) for u in uploads])
    except CheckBroke:
        st.html(verdict.broke(who))
        return 2
    ready = [file for file in files if _may_be_filed(file)]
    _summary(who, files, len(ready), len(uploads) - len(files))
    explained: list[Explained] = []
    for file in files:
        given = _one(who, office, uscc, file)
        if given is not None:
            explained.append((file, *given))
    if ready:
        _declare(who, office, uscc, ready, explained)
    return 3 if ready else 2


def _may_be_filed(file: CheckedFile) -> bool:
    return not (isinstance(file.outcome, Refusal) or file.errors or not file.outcome.filings)


def _summary(who: Visitor, files: Sequence[CheckedFile], ready: int, doubles: int) -> None:
    say = who.say
    bad = len(files) - ready
    title = say("several.title", count=len(files), ready=ready)
    words = [say("several.bad", count=bad)] if bad else []
    words += [say("several.doubles", count=doubles)] if doubles else []
    words += [say("several.lead")]
    focus = "several " + " ".join(file.sha256[:8] for file in files)
    body = "".join(f"<p>{esc(one)}</p>" for one in words)
    st.html(verdict.box("bad" if bad else "good", title, body, focus))


def _one(
    who: Visitor, office: Office, uscc: str, file: CheckedFile
) -> tuple[tuple[Explanation, ...], str] | None:
    """One file's verdict. Returns its reasons and that of the correction it is, if it is one; None
    while it cannot be filed."""
    state = "ready" if _may_be_filed(file) else "bad"
    if state == "ready" and file.to_explain:
        state = "explain"
    title = f"{who.say(f'several.state_{state}')} · {_months(file)}{_plain(file.name)}"
    with st.expander(title, expanded=state != "ready"):
        contract = show_verdict(who, office, file)
        if contract is None:
            return None
        given, complete = reasons(who, contract, file)
        why, told = correction_reason(who, office, uscc, file)
    return (given, why) if complete and told else None


def _months(file: CheckedFile) -> str:
    if isinstance(file.outcome, Refusal):
        return ""
    months = [figures.month_code(f.key.period) for f in file.outcome.filings if f.key.period]
    return f"{', '.join(months)} · " if months else ""


def _plain(name: str) -> str:
    """A file's name without what an expander's title would read as markup."""
    return "".join(f"\\{char}" if char in _MARKUP else char for char in name)


_MARKUP = set("\\`*_{}[]()#+-.!|~:<>$&")


def _declare(
    who: Visitor,
    office: Office,
    uscc: str,
    ready: Sequence[CheckedFile],
    explained: Sequence[Explained],
) -> None:
    say = who.say
    complete = len(explained) == len(ready)
    key = " ".join(file.sha256[:8] for file in ready)
    tidied = sum(verdict.values_tidied(file) for file in ready)
    agreed = not tidied or st.checkbox(say("declare.tidied", count=tidied), key=f"tidied_{key}")
    declared = st.checkbox(who.declaration, key=f"declared_{key}")
    pressed = st.button(
        say("several.file", count=len(ready)),
        key="file_all",
        type="primary",
        disabled=not (declared and complete and agreed),
    )
    if not complete:
        st.html(f'<p class="quiet">{esc(say("reason_for.missing"))}</p>')
    if pressed:
        file_all_and_show(office, uscc, explained)


# After filing ------------------------------------------------------------------------------------


def receipts_step(who: Visitor, own: Sequence[OwnSubmission]) -> None:
    """One receipt per file, each followed until the official run has decided on it."""
    numbers = tuple(one.submission.receipt for one in own)
    title = who.say("several.filed", count=len(own))
    words = f"<p>{esc(who.say('several.filed_lead'))}</p>"
    st.html(verdict.box("good", title, words, f"filed {' '.join(numbers)}"))
    every = beat(own)
    st.fragment(_courses, run_every=every)(who, numbers, every is None)


def _courses(known: Visitor, numbers: tuple[str, ...], decided: bool) -> None:
    # Asked again on every beat: an ended session, or another person here, sees nothing more.
    now = visitor()
    office = now and office_for(data.settings(), now.person)
    if now is None or now != known or now.tenant is None or office is None:
        st.rerun(scope="app")
        return
    own = [office.submission(now.tenant, number) for number in numbers]
    if all(one.decided for one in own) and not decided:
        st.rerun(scope="app")
        return
    st.html(_table(now, own))


def _table(who: Visitor, own: Sequence[OwnSubmission]) -> str:
    say = who.say
    heads = ("column.file", "column.receipt", "printed.standing")
    head = "".join(f'<th scope="col">{esc(say(key))}</th>' for key in heads)
    body = ""
    for one in own:
        number = one.submission.receipt
        state = standing_pill(who, one) if one.decided else pill(say("course.open"), Tone.PLAIN)
        body += (
            f"<tr><td>{esc(one.submission.file_name)}</td>"
            f'<td><a href="{esc(who.address(paths.RECEIPT + number))}" target="_blank" rel="noopener">'
            f"{esc(number)}</a></td><td>{state}</td></tr>"
        )
    label = esc(say("several.receipts"))
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}" aria-live="polite">'
        f'<table class="rows"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
