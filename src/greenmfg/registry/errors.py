"""What the registry refuses, each in the two languages of the product."""

from __future__ import annotations

from greenmfg.contract.forms import Words


class RegistryError(Exception):
    """The registry cannot do what was asked; `words` say why and what to do instead."""

    def __init__(self, words: Words) -> None:
        super().__init__(f"{words.zh} / {words.en}")
        self.words = words


class RegistryMissing(RegistryError):
    """There is no registry at the address of the settings."""

    def __init__(self, address: str) -> None:
        super().__init__(
            Words(
                zh=f"{address} 处还没有登记库。请先运行 greenmfg init",
                en=f"There is no registry at {address}. Run greenmfg init first",
            )
        )


class RegistryOutdated(RegistryError):
    """The registry was made by an older program; `greenmfg init` migrates it."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            Words(
                zh=f"登记库为旧版本（{found}，需要 {wanted}）。请运行 greenmfg init 升级",
                en=f"The registry has schema {found}, this program needs {wanted}."
                " Run greenmfg init to migrate it",
            )
        )


class RegistryNewer(RegistryError):
    """The registry was made by a newer program than this one."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            Words(
                zh=f"登记库由更新的程序建立（{found}，本程序为 {wanted}）。请升级 greenmfg",
                en=f"The registry has schema {found}, newer than this program's {wanted}."
                " Upgrade greenmfg",
            )
        )


class UnknownAccount(RegistryError):
    """Nobody of this name may file."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Words(
                zh=f"没有名为 {name!r} 的账户。企业账户以统一社会信用代码命名，"
                "企业名录生效后自动建立",
                en=f"There is no account {name!r}. A firm's account is named by its USCC"
                " and exists once its register row is in force",
            )
        )


class UnknownSubmission(RegistryError):
    """No submission has this receipt number."""

    def __init__(self, receipt: str) -> None:
        super().__init__(
            Words(
                zh=f"没有回执号为 {receipt} 的报送",
                en=f"No submission has the receipt number {receipt}",
            )
        )


class UnknownFiling(RegistryError):
    """No filing has this number."""

    def __init__(self, filing_id: int) -> None:
        super().__init__(
            Words(zh=f"没有编号为 {filing_id} 的申报", en=f"There is no filing number {filing_id}")
        )


class UnknownRelease(RegistryError):
    """No publication has this release id."""

    def __init__(self, release: str) -> None:
        super().__init__(
            Words(zh=f"没有编号为 {release} 的发布", en=f"There is no release {release}")
        )


class ReviewRefused(RegistryError):
    """The review cannot be recorded: wrong state, no reason, or not a steward."""
