"""Who may see what: accounts, passwords, sessions. Knows neither HTTP nor Streamlit."""

from greenmfg.access.demo import ensure_demo_people
from greenmfg.access.desk import AccountDesk, Agent, open_desk
from greenmfg.access.door import (
    AccountLine,
    Door,
    Identity,
    SignedIn,
    SignIn,
    TooManyAttempts,
    WrongPassword,
    digest,
    open_door,
)
from greenmfg.access.keys import (
    LABEL_CHARACTERS,
    LONGEST_DAYS,
    ApiKey,
    Keyring,
    open_keyring,
)
from greenmfg.access.people import AccessError, Person, Role

__all__ = [
    "LABEL_CHARACTERS",
    "LONGEST_DAYS",
    "AccessError",
    "AccountDesk",
    "AccountLine",
    "Agent",
    "ApiKey",
    "Door",
    "Identity",
    "Keyring",
    "Person",
    "Role",
    "SignIn",
    "SignedIn",
    "TooManyAttempts",
    "WrongPassword",
    "digest",
    "ensure_demo_people",
    "open_desk",
    "open_door",
    "open_keyring",
]
