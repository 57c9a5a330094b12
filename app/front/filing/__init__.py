"""The firm's side: file a report, see what was filed, keep the receipts."""
