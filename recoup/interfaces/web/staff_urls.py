"""Addresses of the staff pages."""

from django.urls import URLPattern, path

from recoup.interfaces.web.views import roles, staff

urlpatterns: list[URLPattern] = [
    path("staff", staff.staff, name="staff"),
    path("staff/roles", roles.roles, name="staff_roles"),
    path("staff/roles/<str:role>/rights", roles.change_role, name="change_role"),
    path("staff/roles/<str:role>/copy", roles.copy_role, name="copy_role"),
    path("staff/roles/changes/<int:change_id>", roles.decide_role, name="decide_role"),
    path("staff/new", staff.add_person, name="add_person"),
    path("staff/<int:user_id>", staff.person, name="person"),
    path("staff/<int:user_id>/roles", staff.give_role, name="give_role"),
    path("staff/<int:user_id>/roles/<int:grant_id>/end", staff.end_role, name="end_role"),
    path("staff/<int:user_id>/leave", staff.leave, name="leave"),
]
