"""`make bench`: speed and memory as ratios in one run. Never part of the tests: machines differ."""
