"""Turns: of two processes that do the same step of one home, the second waits for the first.

Without them nothing would be lost either (receipts and decisions are given once); but the second
would read files that the first takes away, and do all the work over.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from greenmfg.pipeline.workshop import Workshop

_LOG = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

Step = Callable[Concatenate[Workshop, P], R]


def in_turn(step: str) -> Callable[[Step[P, R]], Step[P, R]]:
    """Makes a function of the workshop wait until no other process is at this step.

    The lock goes with the process, however it ends.
    """

    def decorate(function: Step[P, R]) -> Step[P, R]:
        @wraps(function)
        def waiting(shop: Workshop, /, *args: P.args, **kwargs: P.kwargs) -> R:
            shop.settings.home.mkdir(parents=True, exist_ok=True)
            with (shop.settings.home / f".{step}.lock").open("ab") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    _LOG.warning("另一进程正在进行，稍候 · another process is at it: %s", step)
                    fcntl.flock(file, fcntl.LOCK_EX)
                return function(shop, *args, **kwargs)

        return waiting

    return decorate
