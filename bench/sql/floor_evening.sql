-- The evening before: what each run of the floor starts from.
DROP TABLE IF EXISTS floor.contract, floor.position, floor.kase, floor.place, floor.payment,
                     floor.allocation;

CREATE TABLE floor.contract WITH (fillfactor = 85) AS
SELECT n AS id, coalesce(dpd, 0) AS dpd, coalesce(bucket, 0::smallint) AS bucket,
       coalesce(overdue, 0) AS overdue, 0::bigint AS penalty
  FROM generate_series(1, %(contracts)s::bigint) n
  LEFT JOIN floor.late ON contract_id = n
 ORDER BY n;

ALTER TABLE floor.contract ADD PRIMARY KEY (id);

CREATE INDEX ON floor.contract (id) WHERE bucket > 0;

CREATE TABLE floor.position (
    as_of date, contract_id bigint, dpd int, bucket smallint, overdue bigint, penalty bigint
);

CREATE TABLE floor.kase (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, contract_id bigint, opened_on date,
    closed_on date, treatment smallint
);

INSERT INTO floor.kase (contract_id, opened_on, treatment)
SELECT id, %(as_of)s::date - 1, bucket FROM floor.contract WHERE bucket > 0 ORDER BY id;

CREATE UNIQUE INDEX ON floor.kase (contract_id) WHERE closed_on IS NULL;

CREATE TABLE floor.place (as_of date, collector int, rank int, case_id bigint);

CREATE INDEX ON floor.place (as_of, collector, rank);

CREATE TABLE floor.payment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, contract_id bigint, amount bigint, on_day date
);

CREATE TABLE floor.allocation (contract_id bigint, seq smallint, amount bigint);

VACUUM ANALYZE floor.contract;

VACUUM ANALYZE floor.kase;

CHECKPOINT;
