"""workforce: users, teams and agencies; which role holds which rights, and who holds which role."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from recoup.foundation.access.rights import Reach
from recoup.modules.workforce.people import HashKeptApart, People
from recoup.modules.workforce.rules import ChangeState


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
    """A person who signs in, or a service; what they may do stands in their grants.

    A service has no password: it is opened by keys alone.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True)
    employee_number = models.CharField(max_length=32, default="", blank=True)
    display_name = models.CharField(max_length=100, default="", blank=True)
    language = models.CharField(max_length=16, default="zh-hans")
    takes_cases = models.BooleanField(default=False, db_default=False)
    is_service = models.BooleanField(default=False, db_default=False)
    objects: ClassVar[People] = People()

    class Meta(AbstractUser.Meta):
        app_label = "workforce"
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_service=False) | Q(password__startswith="!"),  # noqa: S106 - none
                name="a_service_has_no_password",
            ),
        ]


class Role(models.Model):
    """What somebody is here for (岗位): how far they reach; its rights stand in RoleRight.

    A role of the house's own has a `name` and says which of ours it was made from; ours are called
    by their code, in the reader's language.
    """

    code = models.CharField(max_length=16, primary_key=True)
    name = models.CharField(max_length=40, default="", db_default="")
    based_on = models.CharField(max_length=16, default="", db_default="")
    reach = models.CharField(max_length=8)
    must_expire = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "workforce"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reach__in=[r.value for r in Reach]), name="reach_is_known"
            ),
            models.UniqueConstraint(
                fields=["name"], condition=~Q(name=""), name="one_role_of_a_name"
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


class RoleChange(models.Model):
    """Other rights for a role, asked for by one person and decided by a second.

    Without `role` it is for a role to be made, called `name`, from `based_on`. That it is approved
    is what changes the rights: a trigger does, and nobody else can.
    """

    role = models.CharField(max_length=16, default="", db_default="")
    name = models.CharField(max_length=40, default="", db_default="")
    based_on = models.CharField(max_length=16, default="", db_default="")
    rights_before = ArrayField(models.CharField(max_length=24))
    rights_after = ArrayField(models.CharField(max_length=24))
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=ChangeState.WAITING)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, db_column="asked_by", related_name="+"
    )
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, db_column="decided_by", related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, default="", db_default="")

    class Meta:
        app_label = "workforce"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ChangeState]),
                name="role_change_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="nobody_decides_their_own_role_change",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ChangeState.APPROVED, ChangeState.REFUSED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_decided_role_change_says_by_whom",
            ),
            models.CheckConstraint(
                condition=(Q(role="") & ~Q(name="") & ~Q(based_on=""))
                | (~Q(role="") & Q(name="", based_on="")),
                name="a_role_is_changed_or_made",
            ),
            models.UniqueConstraint(
                fields=["role", "name"],
                condition=Q(state=ChangeState.WAITING),
                name="one_waiting_change_per_role",
            ),
        ]
