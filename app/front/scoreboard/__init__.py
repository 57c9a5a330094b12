"""The scoreboard page: every target and baseline of the plan, as of one month."""
