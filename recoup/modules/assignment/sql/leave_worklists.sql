-- Cases that went to an agency or came back leave the day's worklists, unless they are done.
DELETE FROM assignment_worklistitem
 WHERE as_of = %(as_of)s::date AND case_id = ANY (%(case_ids)s::bigint[]) AND done_at IS NULL;
