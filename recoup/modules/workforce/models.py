"""workforce: users and teams."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from recoup.modules.workforce.rules import StaffRole


class Team(models.Model):
    """A group of collectors under a leader (电催一组)."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "workforce"


class FailedSignIn(models.Model):
    """A wrong password; several in a row pause the name."""

    username = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        app_label = "workforce"
        indexes = [models.Index(fields=["username", "at"], name="failed_sign_in_of_name")]


class User(AbstractUser):
    """A person who signs in."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=12, default=StaffRole.COLLECTOR)
    employee_number = models.CharField(max_length=32, default="", blank=True)
    display_name = models.CharField(max_length=100, default="", blank=True)
    language = models.CharField(max_length=16, default="zh-hans")
    takes_cases = models.BooleanField(default=False, db_default=False)

    class Meta(AbstractUser.Meta):
        app_label = "workforce"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in StaffRole]),
                name="staff_role_is_known",
            ),
        ]
