"""The collateral: what it is, what it is worth."""
