-- Forgets who some people are; that there was somebody, and what they owed, stays.
-- Called by an approved deletion only (privacy).
CREATE FUNCTION access_forget_people(asked bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM parties_contactpoint WHERE party_id = ANY (asked);
    UPDATE parties_party
       SET ref = 'forgotten-' || id, name_sealed = '', name_masked = '***', name_index = '',
           id_type = '', id_number_sealed = NULL, id_number_masked = '', id_number_index = NULL,
           born_on_sealed = NULL, born_on_masked = '', born_on_index = NULL,
           employer_sealed = NULL, employer_masked = '', employer_index = NULL,
           occupation = '', income_minor = NULL, spending_minor = NULL, credit_score = NULL
     WHERE id = ANY (asked);
    PERFORM audit_forget('parties_party', asked,
                         '{"name_masked": "***", "id_type": "", "id_number_masked": ""}'),
            audit_forget('parties_contactpoint', asked, '{"value_masked": "***"}');
    UPDATE parties_reveal SET reason = '', contact_point_id = NULL WHERE party_id = ANY (asked);
END $$;
