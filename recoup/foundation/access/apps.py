from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "recoup.foundation.access"
    label = "access"
