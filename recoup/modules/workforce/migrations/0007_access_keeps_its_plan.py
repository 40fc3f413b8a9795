"""What somebody may do is asked by every page: the question keeps its plan.

Word for word that of 0004; a function in SQL would be planned anew by each call.
"""

from django.db import migrations

KEEPS_ITS_PLAN = """
CREATE OR REPLACE FUNCTION workforce_access(a_user bigint, a_day date)
RETURNS TABLE (rights text[], reach text, lender_ids bigint[], agency_id bigint, team_id bigint,
               roles text[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
WITH standing AS (
    SELECT g.role, r.reach, g.lender_id, g.agency_id, u.team_id
      FROM workforce_user u
      JOIN workforce_grant g ON g.user_id = u.id
      JOIN workforce_role r ON r.code = g.role
     WHERE u.id = a_user AND u.is_active
       AND g.ended_at IS NULL AND (g.expires_on IS NULL OR g.expires_on >= a_day)
), wide AS (
    SELECT role, bool_or(lender_id IS NULL) AS every, array_agg(lender_id) AS lenders
      FROM standing WHERE reach <> 'NONE' GROUP BY role
)
SELECT (SELECT coalesce(array_agg(DISTINCT x.right_code::text ORDER BY x.right_code::text), '{}')
          FROM workforce_roleright x WHERE x.role IN (SELECT role FROM standing)),
       coalesce((SELECT min(s.reach) FROM standing s WHERE s.reach <> 'NONE'), 'NONE')::text,
       (SELECT coalesce(array_agg(l.id ORDER BY l.id), '{}')
          FROM parties_lender l
         WHERE EXISTS (SELECT FROM wide)
           AND NOT EXISTS (SELECT FROM wide w WHERE NOT w.every AND l.id <> ALL (array_remove(w.lenders, NULL)))),
       (SELECT max(s.agency_id) FROM standing s),
       (SELECT max(s.team_id) FROM standing s),
       (SELECT array_agg(DISTINCT s.role::text ORDER BY s.role::text) FROM standing s)
 WHERE EXISTS (SELECT FROM standing);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0006_hash_kept_apart")]
    operations = [migrations.RunSQL(KEEPS_ITS_PLAN, migrations.RunSQL.noop)]
