"""Addresses of the case page and the account page."""

from django.urls import URLPattern, path

from recoup.interfaces.web.views import approvals, call, case, payment, promise, reveal

urlpatterns: list[URLPattern] = [
    path("contracts/<int:contract_id>/case", case.case, name="case"),
    path("contracts/<int:contract_id>/show", reveal.show_personal_data, name="show_personal_data"),
    path("contracts/<int:contract_id>/number", reveal.show_number, name="show_number"),
    path("contracts/<int:contract_id>/hold", case.hold, name="hold_case"),
    path("contracts/<int:contract_id>/release", case.release, name="release_case"),
    path("contracts/<int:contract_id>/calls", call.log_call, name="log_call"),
    path("contracts/<int:contract_id>/promises", promise.take_promise, name="take_promise"),
    path("contracts/<int:contract_id>/account", payment.account, name="account"),
    path("contracts/<int:contract_id>/ask/<str:what>", approvals.ask, name="ask_approval"),
    path("contracts/<int:contract_id>/payments", payment.record_payment, name="record_payment"),
    path("contracts/<int:contract_id>/payments/preview", payment.preview, name="preview_payment"),
    path(
        "contracts/<int:contract_id>/payments/<int:payment_id>/reversal",
        payment.reverse_payment,
        name="reverse_payment",
    ),
]
