"""My filings: what was sent, every version of every report, and what each changed."""
