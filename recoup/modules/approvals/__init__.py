"""Maker and checker (经办复核): what one person asks and a second grants, within limits as data."""
