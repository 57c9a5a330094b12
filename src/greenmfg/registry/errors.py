"""What the registry refuses, each in the two languages of the product."""

from __future__ import annotations

from datetime import date

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


class GrantRefused(RegistryError):
    """An agent cannot be let file for a firm so."""

    @classmethod
    def no_agent(cls, name: str) -> GrantRefused:
        return cls(
            Words(
                zh=f"{name!r} 不是代报单位。请先开立该代报单位，再授权",
                en=f"{name!r} is no agent. Open the agent first, then grant",
            )
        )

    @classmethod
    def taken(cls, name: str) -> GrantRefused:
        return cls(
            Words(
                zh=f"{name!r} 已是其他账户的名称。请为代报单位另取名称",
                en=f"{name!r} names another kind of account. Choose another name for the agent",
            )
        )

    @classmethod
    def no_firm(cls, uscc: str) -> GrantRefused:
        return cls(
            Words(
                zh=f"{uscc!r}：名录中没有这家企业。企业名录生效后才能授权代报",
                en=f"{uscc!r}: no enterprise of the register. Its register row comes first",
            )
        )

    @classmethod
    def over(cls, until: date) -> GrantRefused:
        return cls(
            Words(
                zh=f"授权截止日 {until} 已过。请给今天或以后的日期，长期授权则不填",
                en=f"The last day {until} is over. Give today or later, or none for no end",
            )
        )


class UnknownGrant(RegistryError):
    """The agent may not file for the firm, so there is nothing to revoke."""

    def __init__(self, agent: str, uscc: str) -> None:
        super().__init__(
            Words(
                zh=f"{agent!r} 没有代报 {uscc} 的有效授权，无须撤销",
                en=f"{agent!r} has no standing grant for {uscc}: nothing to revoke",
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
