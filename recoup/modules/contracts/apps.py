from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "recoup.modules.contracts"
    label = "contracts"
    default_auto_field = "django.db.models.BigAutoField"
