"""The component kit: small templates and the tags which feed them."""
