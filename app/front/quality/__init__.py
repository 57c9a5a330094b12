"""The data-quality page: checks month by month, and how firms keep their dates."""
