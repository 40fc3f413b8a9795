"""Roles of people who work here."""

from enum import StrEnum


class StaffRole(StrEnum):
    COLLECTOR = "COLLECTOR"
    LEADER = "LEADER"
    FINANCE = "FINANCE"
    INTAKE = "INTAKE"
    OPERATOR = "OPERATOR"
