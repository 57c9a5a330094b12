"""The front: gate, pages, charts and words over the published releases."""
