"""The HTTP API for firms' own systems: the same one way in, one enterprise a key."""
