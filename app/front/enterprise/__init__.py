"""The enterprise page: from a ratio back to the filed rows."""
