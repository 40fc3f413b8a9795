"""workforce: users, teams and agencies; which role holds which rights, and who holds which role."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from recoup.foundation.access.rights import Reach
from recoup.modules.workforce.people import HashKeptApart, People


class Team(models.Model):
    """A group of collectors under a leader (电催一组)."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "workforce"


class Agency(models.Model):
    """A company that collects for us (第三方催收机构)."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "workforce"


class User(HashKeptApart, AbstractUser):
    """A person who signs in; what they may do stands in their grants."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True)
    employee_number = models.CharField(max_length=32, default="", blank=True)
    display_name = models.CharField(max_length=100, default="", blank=True)
    language = models.CharField(max_length=16, default="zh-hans")
    takes_cases = models.BooleanField(default=False, db_default=False)
    objects: ClassVar[People] = People()

    class Meta(AbstractUser.Meta):
        app_label = "workforce"
        base_manager_name = "objects"


class Role(models.Model):
    """What somebody is here for (岗位): how far they reach; its rights stand in RoleRight."""

    code = models.CharField(max_length=16, primary_key=True)
    reach = models.CharField(max_length=8)
    must_expire = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "workforce"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reach__in=[r.value for r in Reach]), name="reach_is_known"
            ),
        ]


class RoleRight(models.Model):
    """A right that a role has."""

    role = models.ForeignKey(Role, on_delete=models.PROTECT, db_column="role")
    right_code = models.CharField(max_length=24)

    class Meta:
        app_label = "workforce"
        constraints = [
            models.UniqueConstraint(fields=["role", "right_code"], name="one_right_per_role"),
        ]


class DutyConflict(models.Model):
    """Two rights which one person never holds (不相容职责), first the first in the alphabet."""

    right_a = models.CharField(max_length=24)
    right_b = models.CharField(max_length=24)

    class Meta:
        app_label = "workforce"
        constraints = [
            models.UniqueConstraint(fields=["right_a", "right_b"], name="one_conflict_per_pair"),
            models.CheckConstraint(
                condition=models.Q(right_a__lt=models.F("right_b")),
                name="conflict_is_named_once",
            ),
        ]


class Grant(models.Model):
    """Somebody was given a role, by whom and until when; an end is noted, nothing is deleted.

    It stands until `ended_at` is set or the day after `expires_on` comes. Without `lender` it is
    for every lender of the installation. A trigger refuses two rights that conflict.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, db_column="role")
    lender = models.ForeignKey("parties.Lender", on_delete=models.PROTECT, null=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True)
    expires_on = models.DateField(null=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, db_column="granted_by", related_name="+"
    )
    granted_at = models.DateTimeField()
    reason = models.CharField(max_length=200, default="", db_default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, db_column="ended_by", related_name="+"
    )

    class Meta:
        app_label = "workforce"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "lender", "agency"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="one_standing_grant",
            ),
        ]
