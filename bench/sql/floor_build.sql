-- The floor's tables: nothing but what posting, ageing, opening and ranking needs.
DROP SCHEMA IF EXISTS floor CASCADE;

CREATE SCHEMA floor;

CREATE TABLE floor.late (contract_id bigint, dpd int, bucket smallint, overdue bigint);

CREATE TABLE floor.due (
    contract_id bigint, seq smallint, due_on date, amount bigint, paid bigint, paid_on date
) WITH (fillfactor = 95);

CREATE TABLE floor.received (contract_id bigint, amount bigint);
