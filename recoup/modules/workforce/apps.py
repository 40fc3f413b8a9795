from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "recoup.modules.workforce"
    label = "workforce"
    default_auto_field = "django.db.models.BigAutoField"
