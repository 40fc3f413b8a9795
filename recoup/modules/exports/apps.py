from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "recoup.modules.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"
