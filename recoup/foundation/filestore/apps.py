from django.apps import AppConfig


class FilestoreConfig(AppConfig):
    name = "recoup.foundation.filestore"
    label = "filestore"
    default_auto_field = "django.db.models.BigAutoField"
