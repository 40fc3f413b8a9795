"""Addresses of those who keep privacy."""

from django.urls import URLPattern, path

from recoup.interfaces.web.views import privacy, privacy_registers, restriction, retention

urlpatterns: list[URLPattern] = [
    path("privacy", privacy.requests, name="privacy"),
    path("privacy/people/<int:party_id>", privacy.person, name="privacy_person"),
    path("privacy/people/<int:party_id>/requests", privacy.receive, name="receive_request"),
    path("privacy/people/<int:party_id>/holds", privacy.hold_person, name="hold_person"),
    path("privacy/people/<int:party_id>/consents", privacy.consent, name="record_consent"),
    path("privacy/consents/<int:consent_id>/withdrawal", privacy.withdraw, name="withdraw_consent"),
    path("privacy/requests/<int:request_id>", privacy.request_page, name="data_request"),
    path("privacy/requests/<int:request_id>/identity", privacy.identify, name="identify"),
    path("privacy/requests/<int:request_id>/answer", privacy.answer, name="answer_request"),
    path("privacy/requests/<int:request_id>/file", privacy.subject_file, name="subject_file"),
    path("privacy/retention", retention.retention, name="retention"),
    path("privacy/retention/rules", retention.set_months, name="set_months"),
    path("privacy/holds", retention.hold, name="place_hold"),
    path(
        "privacy/people/<int:party_id>/restrictions",
        restriction.restrict_person,
        name="restrict_person",
    ),
    path("privacy/restrictions", restriction.restrict_contract, name="restrict_contract"),
    path(
        "privacy/restrictions/<int:restriction_id>/end",
        restriction.lift,
        name="lift_restriction",
    ),
    path("privacy/retention/runs", retention.plan, name="plan_erasure"),
    path("privacy/retention/runs/<int:run_id>", retention.decide, name="decide_erasure"),
    path("privacy/holds/<int:hold_id>/end", retention.lift, name="lift_hold"),
    path("privacy/registers", privacy_registers.registers, name="privacy_registers"),
    path("privacy/uses", privacy_registers.set_ground, name="set_ground"),
    path("privacy/wordings", privacy_registers.add_wording, name="add_wording"),
    path("privacy/assessments", privacy_registers.assess, name="assess"),
    path(
        "privacy/assessments/<int:assessment_id>/approval",
        privacy_registers.approve,
        name="approve_assessment",
    ),
]
