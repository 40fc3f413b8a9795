-- Forgets the next items of a deletion that a second person approved; how many were looked at.
-- Everything is asked anew: a hold, an open request or a new contract since the plan leaves the item
-- as it is. The ledger, the calls' results and the timeline's events stay; whom they were about goes.
CREATE FUNCTION access_sweep(a_run bigint, a_limit int, a_at timestamptz, a_day date)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taken bigint[];
BEGIN
    PERFORM FROM privacy_erasurerun
      WHERE id = a_run AND state = 'APPROVED' AND approved_by <> planned_by FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'deletion % is not approved by a second person', a_run
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT array_agg(id) INTO taken
      FROM (SELECT id FROM privacy_erasureitem
             WHERE run_id = a_run AND state = 'PLANNED' ORDER BY id LIMIT a_limit FOR UPDATE) following;
    IF taken IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE privacy_erasureitem i
       SET done_at = a_at,
           state = CASE WHEN access_is_held(i.kind, i.subject_id, i.lender_id, a_day) THEN 'HELD'
                        WHEN EXISTS (SELECT FROM access_retained() r
                                      WHERE r.kind = i.kind AND r.subject_id = i.subject_id
                                        AND r.ended_on <= i.ended_on) THEN 'DONE'
                        ELSE 'NOT_DUE' END
     WHERE i.id = ANY (taken);
    PERFORM access_forget_people(array_agg(subject_id)
                                 FILTER (WHERE kind IN ('OBLIGOR', 'THIRD_PERSON'))),
            access_forget_words(array_agg(subject_id) FILTER (WHERE kind = 'NOTES')),
            access_forget_call_notes(array_agg(subject_id) FILTER (WHERE kind = 'NOTES')),
            access_forget_vehicles(array_agg(subject_id) FILTER (WHERE kind = 'VEHICLE')),
            access_forget_refused_rows(array_agg(subject_id) FILTER (WHERE kind = 'QUARANTINE'))
       FROM privacy_erasureitem WHERE id = ANY (taken) AND state = 'DONE';
    RETURN cardinality(taken);
END $$;
