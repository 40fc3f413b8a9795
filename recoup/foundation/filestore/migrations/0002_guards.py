"""What a file was stays known: fingerprints do not change, rows do not go, erasing is not undone."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION filestore_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% keeps its rows: erase the file instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER filestore_content_stays
    BEFORE DELETE OR TRUNCATE ON filestore_content
    FOR EACH STATEMENT EXECUTE FUNCTION filestore_refuse();
CREATE TRIGGER filestore_file_stays
    BEFORE DELETE OR TRUNCATE ON filestore_file
    FOR EACH STATEMENT EXECUTE FUNCTION filestore_refuse();
CREATE TRIGGER filestore_content_is_what_it_was
    BEFORE UPDATE ON filestore_content FOR EACH ROW
    WHEN (OLD.erased_at IS NOT NULL
          OR (OLD.lender_id, OLD.sha256, OLD.size_bytes, OLD.kind, OLD.object_name, OLD.stored_at)
             IS DISTINCT FROM
             (NEW.lender_id, NEW.sha256, NEW.size_bytes, NEW.kind, NEW.object_name, NEW.stored_at))
    EXECUTE FUNCTION filestore_refuse();
CREATE TRIGGER filestore_file_is_what_it_was
    BEFORE UPDATE ON filestore_file FOR EACH ROW
    WHEN (OLD.erased_at IS NOT NULL
          OR (OLD.lender_id, OLD.content_id, OLD.purpose, OLD.filed_at, OLD.actor_id)
             IS DISTINCT FROM
             (NEW.lender_id, NEW.content_id, NEW.purpose, NEW.filed_at, NEW.actor_id))
    EXECUTE FUNCTION filestore_refuse();
"""
BACKWARD = """
DROP TRIGGER filestore_file_is_what_it_was ON filestore_file;
DROP TRIGGER filestore_content_is_what_it_was ON filestore_content;
DROP TRIGGER filestore_file_stays ON filestore_file;
DROP TRIGGER filestore_content_stays ON filestore_content;
DROP FUNCTION filestore_refuse();
"""


class Migration(migrations.Migration):

    dependencies = [("filestore", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
