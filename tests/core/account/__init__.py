"""Tests of the replayed account, one file for each of its rooms."""
