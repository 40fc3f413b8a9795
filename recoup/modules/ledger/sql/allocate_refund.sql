-- A refund takes of the credit there is at its place; what is given back beyond it is a claim (11).
INSERT INTO ledger_allocated
SELECT 2, q.source_id, q.contract_id, q.value_on, %(ordinal)s, NULL, part.debit, 10, part.minor
  FROM (SELECT q.source_id, q.contract_id, q.value_on, q.amount_minor,
               least(q.amount_minor,
                     a.unallocated_minor
                     + coalesce((SELECT sum(e.amount_minor) FROM ledger_queue e
                                  WHERE e.contract_id = q.contract_id
                                    AND e.ordinal < q.ordinal
                                    AND e.source_kind = 1), 0)
                     - coalesce((SELECT sum(s.amount_minor) FROM ledger_allocated s
                                  WHERE s.contract_id = q.contract_id
                                    AND s.ordinal < q.ordinal
                                    AND s.debit = 2), 0))::bigint AS taken
          FROM ledger_queue q
          JOIN ledger_account a ON a.contract_id = q.contract_id
         WHERE q.ordinal = %(ordinal)s
           AND q.source_kind = 2
           AND q.settles_from IS NULL
           AND NOT q.by_core) q
 CROSS JOIN LATERAL (VALUES (2, q.taken), (11, q.amount_minor - q.taken)) part (debit, minor)
 WHERE part.minor > 0;
