"""The firm enters the stages of its own audit."""
