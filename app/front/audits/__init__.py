"""The bureau's audits page: acceptances against the plan, clocks, rounds and savings."""
