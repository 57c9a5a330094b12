"""Which of the two languages a reader reads."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from front import cookies
from greenmfg.contract.forms import Words


class Language(StrEnum):
    ZH = "zh"
    EN = "en"

    @property
    def html(self) -> str:
        """The `lang` attribute. zh-CN also chooses the shapes of Han characters."""
        return "zh-CN" if self is Language.ZH else "en"

    @property
    def other(self) -> Language:
        return Language.EN if self is Language.ZH else Language.ZH

    def of(self, words: Words) -> str:
        return words.zh if self is Language.ZH else words.en

    def pick(self, zh: str | None, en: str | None) -> str | None:
        """A name in this language, capital first; Chinese where the reference has no English."""
        if self is Language.ZH or not en:
            return zh
        return en[:1].upper() + en[1:]


def language_of(jar: Mapping[str, str]) -> Language:
    """The chosen language, Chinese unless English was asked for."""
    return Language.EN if jar.get(cookies.LANGUAGE) == Language.EN else Language.ZH
