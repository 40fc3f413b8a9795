"""The loan contract and who signed it."""
