"""The workshop: from a firm's file to the bureau's number. Knows neither Airflow nor Streamlit."""

__version__ = "0.1.0"
