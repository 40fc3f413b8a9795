-- Watches one table: each statement that changes it leaves one event, in the statement's transaction.
CREATE OR REPLACE FUNCTION audit_watch_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO, MDY' SET "IntervalStyle" = 'postgres'
SET bytea_output = 'hex' SET extra_float_digits = 1
-- Plans are kept from the first call, which may have seen a single row.
SET enable_nestloop = off
AS $watch$
DECLARE
    was record;
    is_now record;
    change record;
    changed bigint;
    images jsonb;
    ids jsonb;
    contracts bigint[];
    lender bigint;
    former jsonb;
    former_change bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT n.rows, n.sums INTO change FROM ({digest_new}) AS n;
        changed := change.rows;
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT count(*) INTO changed
          FROM new_rows AS n FULL JOIN old_rows AS o ON n."{key}" = o."{key}"
         WHERE {row_n} IS DISTINCT FROM {row_o};
        IF changed > 0 THEN
            SELECT n.rows, n.sums INTO is_now FROM ({digest_new}) AS n;
            SELECT o.rows, o.sums INTO was FROM ({digest_old}) AS o;
            SELECT is_now.rows - was.rows AS rows,
                   ARRAY(SELECT a - b FROM unnest(is_now.sums, was.sums) AS both_of(a, b)) AS sums
              INTO change;
        END IF;
    ELSE
        IF TG_OP = 'DELETE' THEN
            SELECT o.rows, o.sums INTO was FROM ({digest_old}) AS o;
        ELSE
            SELECT o.rows, o.sums INTO was FROM ({digest_table}) AS o;
        END IF;
        changed := was.rows;
        SELECT -was.rows AS rows, ARRAY(SELECT -a FROM unnest(was.sums) AS a) AS sums INTO change;
    END IF;
    IF changed = 0 THEN
        RETURN NULL;
    END IF;

    IF TG_OP = 'TRUNCATE' THEN
        ids := NULL;
    ELSIF changed > {most_images} THEN
        IF TG_OP = 'DELETE' THEN
            {ids_old}
        ELSE
            {ids_new}
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT jsonb_agg(jsonb_build_object('id', t."{key}", 'after', {image}) ORDER BY t."{key}"),
               {contracts}, {lender}
          INTO images, contracts, lender FROM new_rows AS t;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT jsonb_agg(jsonb_build_object('id', t."{key}", 'before', {image}) ORDER BY t."{key}"),
               {contracts}, {lender}
          INTO images, contracts, lender FROM old_rows AS t;
    ELSE
        SELECT jsonb_agg(jsonb_build_object('id', t."{key}", 'before', {image_o}, 'after', {image})
                         ORDER BY t."{key}"),
               {contracts}, {lender}
          INTO images, contracts, lender
          FROM new_rows AS t FULL JOIN old_rows AS o ON t."{key}" = o."{key}"
         WHERE {row_t} IS DISTINCT FROM {row_o};
    END IF;
{keep_former}
    IF lender IS NULL AND contracts IS NOT NULL THEN
        lender := audit_lender_of(contracts);
    END IF;
    PERFORM audit_append(
        'CHANGED', '{table}',
        CASE WHEN changed = 1 AND jsonb_typeof(images -> 0 -> 'id') = 'number'
             THEN (images -> 0 ->> 'id')::bigint END,
        lender, contracts,
        jsonb_strip_nulls(jsonb_build_object(
            'op', TG_OP, 'changed', changed, 'rows', change.rows, 'sums', to_jsonb(change.sums),
            'ids', ids, 'former', former))
        || CASE WHEN images IS NULL THEN '{{}}' ELSE jsonb_build_object('images', images) END,
        NULL, '');
    RETURN NULL;
END $watch$;

DROP TRIGGER IF EXISTS audit_watch_insert ON {table};
DROP TRIGGER IF EXISTS audit_watch_update ON {table};
DROP TRIGGER IF EXISTS audit_watch_delete ON {table};
DROP TRIGGER IF EXISTS audit_watch_truncate ON {table};
CREATE TRIGGER audit_watch_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit_watch_{table}();
CREATE TRIGGER audit_watch_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_watch_{table}();
CREATE TRIGGER audit_watch_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION audit_watch_{table}();
CREATE TRIGGER audit_watch_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_watch_{table}();
REVOKE ALL ON FUNCTION audit_watch_{table}() FROM PUBLIC;
