from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "recoup.interfaces.cli"
    label = "cli"
