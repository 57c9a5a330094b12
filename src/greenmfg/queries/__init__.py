"""Reading releases: what the pages, the exports and the command line ask of the marts."""
