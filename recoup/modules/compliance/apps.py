from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "recoup.modules.compliance"
    label = "compliance"
    default_auto_field = "django.db.models.BigAutoField"
