from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "recoup.modules.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
