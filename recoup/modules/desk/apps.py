from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "recoup.modules.desk"
    label = "desk"

    def ready(self) -> None:
        """Hear of every posting that changes the past; say what is done when money is granted."""
        from recoup.modules.desk.money import register  # noqa: PLC0415 - needs the models
        from recoup.modules.desk.past import follow  # noqa: PLC0415
        from recoup.modules.ledger.past import when_past_changes  # noqa: PLC0415

        when_past_changes(follow)
        register()
