"""Traps that were reproduced with Streamlit: another firm's bytes by media, its session by an id."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from front_home import OTHER, OWN, ROOT, Front
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

# What puts bytes into Streamlit's media store, whose addresses are fingerprints that ask nobody
# who they are; and what samples or exports a table by itself.
INTO_MEDIA = {"download_button", "image", "audio", "video", "pdf", "dataframe", "data_editor"}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "app").rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_no_page_hands_a_firms_bytes_to_streamlits_media(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if _of_streamlit(node)]
    assert not {node.attr for node in calls if isinstance(node, ast.Attribute)} & INTO_MEDIA


def _of_streamlit(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and getattr(node.value, "id", None) == "st"


def _session_of(front: Front, login: str, resumed: str | None = None) -> str:
    """Opens the websocket as somebody, asks for a run, and closes it again."""
    protocols = ["streamlit", "none", *([resumed] if resumed else [])]
    cookie = f"gm_session={_TOKENS.setdefault(login, front.home.token(login))}"
    address = front.url.replace("http:", "ws:") + "/_stcore/stream"
    with connect(
        address,
        subprotocols=protocols,
        origin=front.url,
        additional_headers={"Cookie": cookie},
        max_size=None,
    ) as socket:
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg()
            received = socket.recv(timeout=30)
            assert isinstance(received, bytes)
            message.ParseFromString(received)
            if message.WhichOneof("type") == "new_session":
                return str(message.new_session.initialize.session_id)


_TOKENS: dict[str, str] = {}


def test_a_session_is_resumed_by_its_own_sign_in_and_by_no_other_firms(front: Front) -> None:
    own = _session_of(front, OWN)
    assert own
    assert _session_of(front, OTHER, resumed=own) != own
    assert _session_of(front, OWN, resumed=own) == own
