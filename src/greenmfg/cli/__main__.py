"""`python -m greenmfg.cli`, for programs that start commands by their interpreter."""

from greenmfg.cli import main

main()
