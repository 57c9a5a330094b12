"""The front as one ASGI application: `uvicorn server:app --app-dir app`."""

from front.asgi import create_app
from greenmfg.settings import Settings

app = create_app(Settings.from_environment())
