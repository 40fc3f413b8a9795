from django.apps import AppConfig


class DoorConfig(AppConfig):
    name = "recoup.interfaces.web.sign_in"
    label = "door"
