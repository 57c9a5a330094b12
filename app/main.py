"""The script Streamlit runs for every page view; all it does is in `front`."""

from front.entry import run

run()
