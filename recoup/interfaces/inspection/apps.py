from django.apps import AppConfig


class InspectionDoorConfig(AppConfig):
    name = "recoup.interfaces.inspection"
    label = "inspection_file"
