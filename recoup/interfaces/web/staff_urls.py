"""Addresses of the staff pages."""

from django.urls import URLPattern, path

from recoup.interfaces.web.views import staff

urlpatterns: list[URLPattern] = [
    path("staff", staff.staff, name="staff"),
    path("staff/roles", staff.roles, name="staff_roles"),
    path("staff/new", staff.add_person, name="add_person"),
    path("staff/<int:user_id>", staff.person, name="person"),
    path("staff/<int:user_id>/roles", staff.give_role, name="give_role"),
    path("staff/<int:user_id>/roles/<int:grant_id>/end", staff.end_role, name="end_role"),
    path("staff/<int:user_id>/leave", staff.leave, name="leave"),
]
