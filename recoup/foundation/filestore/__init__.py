"""Recordings, pictures and documents: sealed, addressed by their content, never in the database.

`services` brings a file in (`put`; or `receive` and `keep` within a use case of one's own), reads
it (`read`) and erases it (`erase`); `queries` lists what is there; `upkeep` re-hashes and tidies.
"""
