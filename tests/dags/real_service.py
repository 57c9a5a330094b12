"""The real service on the home of the environment, with a front that only answers."""

from __future__ import annotations

import dataclasses
import sys

from greenmfg.pipeline.founding import found, prepare_home
from greenmfg.pipeline.workshop import workshop
from greenmfg.serve import ServeOptions, serve
from greenmfg.settings import Settings

FRONT = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

HTTPServer(("127.0.0.1", int(os.environ["GREENMFG_PORT"])), Answer).serve_forever()
"""

settings = Settings.from_environment()
prepare_home(settings)
with workshop(settings, create=True) as shop:
    found(shop)
options = dataclasses.replace(
    ServeOptions.from_environment(), front_command=(sys.executable, "-c", FRONT)
)
sys.exit(serve(settings, options))
