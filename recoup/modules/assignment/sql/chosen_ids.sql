-- The numbers of the chosen cases, and no more of them than asked for.
SELECT c.id FROM ({chosen}) c LIMIT %(limit)s;
