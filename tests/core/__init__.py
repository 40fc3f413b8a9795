"""Tests of the loan mathematics: sentences, properties, and the figures of other systems."""
