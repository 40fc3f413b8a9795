"""Webhooks: what happens to a lender's contracts, told to the lender's own system as it happens."""
