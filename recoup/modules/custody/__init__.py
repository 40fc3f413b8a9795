"""Paper files, keys and other things in our keeping: where each is, who has it, since when."""
