"""The overview page: how far from the targets, who stands out, who has not filed."""
