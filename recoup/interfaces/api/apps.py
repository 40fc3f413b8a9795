from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "recoup.interfaces.api"
    label = "api"
