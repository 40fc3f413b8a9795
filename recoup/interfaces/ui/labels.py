"""What each code is called and which tone it has: in one place, for every page.

`LABELS[kind][code]` gives words and tone (good, warn, bad, info or none). A code that is not
listed is shown as it is, so that a new one is seen rather than lost.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Label:
    text: str | Promise
    tone: str = ""


LABELS: dict[str, dict[str, Label]] = {
    "promise": {
        "OPEN": Label(_("Promise open"), "info"),
        "KEPT": Label(_("Promise kept"), "good"),
        "PARTLY_KEPT": Label(_("Promise partly kept"), "warn"),
        "BROKEN": Label(_("Promise broken"), "bad"),
        "REPLACED": Label(_("Promise replaced")),
    },
    "case": {
        "OPEN": Label(_("Case open"), "info"),
        "HELD": Label(_("Contact held"), "bad"),
        "CURED": Label(_("Arrears settled"), "good"),
        "CLOSED": Label(_("Case closed")),
    },
    "contract": {
        "ACTIVE": Label(_("Contract running"), "info"),
        "SETTLED": Label(_("Contract settled"), "good"),
        "CHARGED_OFF": Label(_("Charged off"), "bad"),
    },
    "call": {
        "PROMISE": Label(_("Promised to pay"), "good"),
        "WANTS_PLAN": Label(_("Wants to pay in parts"), "info"),
        "DISPUTES": Label(_("Disputes the debt"), "warn"),
        "HARDSHIP": Label(_("In hardship"), "warn"),
        "REFUSES": Label(_("Refuses to pay"), "bad"),
        "CALL_BACK": Label(_("Asks to be called back"), "info"),
        "NO_ANSWER": Label(_("No answer")),
        "NOT_THE_PERSON": Label(_("Someone else answered")),
        "WRONG_NUMBER": Label(_("Wrong number"), "bad"),
        "PAID": Label(_("Says it is paid"), "good"),
    },
    "next_step": {
        "CALL": Label(_("Call")),
        "CALL_OTHER_NUMBER": Label(_("Call another number")),
        "WATCH_PROMISE": Label(_("Watch the promise")),
        "OFFER_PLAN": Label(_("Offer payment in parts")),
        "REVIEW_DISPUTE": Label(_("Look into the dispute"), "warn"),
        "VISIT": Label(_("Visit")),
        "CHECK_PAYMENT": Label(_("Look for the payment")),
    },
    "tier": {
        "1": Label(pgettext_lazy("class", "Pass"), "good"),
        "2": Label(pgettext_lazy("class", "Special mention"), "warn"),
        "3": Label(pgettext_lazy("class", "Substandard"), "bad"),
        "4": Label(pgettext_lazy("class", "Doubtful"), "bad"),
        "5": Label(pgettext_lazy("class", "Loss"), "bad"),
    },
    "method": {
        "EQUAL_INSTALMENT": Label(_("Equal instalments")),
        "EQUAL_PRINCIPAL": Label(_("Equal principal")),
        "INTEREST_FIRST": Label(_("Interest first")),
        "BALLOON": Label(_("Balloon")),
        "FREE": Label(_("Free schedule")),
    },
    "channel": {
        "TRANSFER": Label(_("Bank transfer")),
        "CASH": Label(_("Cash")),
        "ONLINE": Label(_("Online payment")),
        "AUTO_DEBIT": Label(_("Auto debit")),
        "SERVICER": Label(_("Servicer's report")),
    },
    "holder": {
        "SELF": Label(pgettext_lazy("holder", "Debtor"), "good"),
        "SPOUSE": Label(_("Spouse")),
        "RELATIVE": Label(_("Relative")),
        "EMPLOYER": Label(_("Employer")),
        "OTHER": Label(pgettext_lazy("holder", "Someone else")),
    },
    "party_role": {
        "BORROWER": Label(_("Borrower")),
        "CO_BORROWER": Label(_("Co-borrower")),
        "GUARANTOR": Label(_("Guarantor")),
        "CONTACT": Label(_("Contact person")),
    },
    "reveal_purpose": {
        "CALL": Label(_("To call")),
        "IDENTITY_CHECK": Label(_("To check identity")),
        "LETTER": Label(_("To write a letter")),
        "CORRECTION": Label(_("To correct data")),
        "COMPLAINT": Label(_("To answer a complaint")),
        "LEGAL": Label(_("For proceedings")),
    },
    "contact_kind": {
        "MOBILE": Label(_("Mobile")),
        "PHONE": Label(_("Telephone")),
        "EMAIL": Label(_("E-mail")),
        "ADDRESS": Label(_("Address")),
    },
    "role": {
        "COLLECTOR": Label(_("Collector")),
        "LEADER": Label(_("Team leader")),
        "FINANCE": Label(_("Finance")),
        "INTAKE": Label(_("Data intake")),
        "ENTRY": Label(_("Data entry and files")),
        "CLOSING": Label(_("Closing")),
        "COMPLIANCE": Label(_("Compliance and privacy")),
        "AUDIT": Label(_("Audit")),
        "INSPECTOR": Label(_("Inspector")),
        "OPERATOR": Label(_("Operations")),
        "AGENCY": Label(_("Agency")),
        "LENDER": Label(_("Lender")),
        "BORROWER": Label(_("Borrower")),
        "SERVICE": Label(_("Service account")),
    },
    "right": {
        "SEE_CASES": Label(_("See cases and accounts")),
        "WORK_CASES": Label(_("Call, take promises, hold cases")),
        "ASSIGN_CASES": Label(_("Assign and place cases")),
        "CLOSE_CASES": Label(_("Close cases")),
        "SEE_TEAM": Label(_("See the team's figures and lists")),
        "POST_PAYMENTS": Label(_("Post payments")),
        "REVERSE_PAYMENTS": Label(_("Reverse payments")),
        "TAKE_IN": Label(_("Take in files")),
        "CORRECT_DATA": Label(_("Correct data on file")),
        "REVEAL": Label(_("See personal data in full")),
        "EXPORT": Label(_("Ask for exports")),
        "APPROVE_EXPORTS": Label(_("Approve exports")),
        "KEEP_CUSTODY": Label(_("Keep paper files and keys")),
        "KEEP_PRIVACY": Label(_("Keep privacy: retention, requests, consents")),
        "SEE_AUDIT": Label(_("Read the audit log")),
        "INSPECT": Label(_("Inspect cases as they stood")),
        "MANAGE_STAFF": Label(_("Manage people and roles")),
        "OPERATE": Label(_("Operate the installation")),
    },
    "factor": {
        "totp": Label(_("Authenticator app")),
        "webauthn": Label(_("Passkey")),
    },
    "reach": {
        "ALL": Label(_("Everything of the lenders served")),
        "LENDER": Label(_("The lender's own cases")),
        "AGENCY": Label(_("Cases placed with the agency")),
        "TEAM": Label(_("One's own and the team's cases")),
        "OWN": Label(_("One's own cases")),
        "SELF": Label(_("One's own debts")),
        "NONE": Label(_("No cases")),
    },
    "custody_item": {
        "PAPER_FILE": Label(_("Paper file")),
        "KEY": Label(_("Key")),
        "CERTIFICATE": Label(_("Certificate")),
        "DEVICE": Label(_("Device")),
        "OTHER": Label(_("Other thing")),
    },
    "custody_movement": {
        "REGISTERED": Label(_("Registered")),
        "BORROWED": Label(_("Borrowed"), "warn"),
        "PROLONGED": Label(_("Prolonged"), "warn"),
        "RETURNED": Label(_("Returned"), "good"),
        "MOVED": Label(_("Moved")),
        "HANDED_OVER": Label(_("Handed over"), "info"),
    },
    "timeline": {
        "CASE_OPENED": Label(_("Case opened"), "warn"),
        "BUCKET_MOVED": Label(_("Bucket changed"), "warn"),
        "CASE_CURED": Label(_("Arrears settled"), "good"),
        "CASE_CLOSED": Label(_("Case closed")),
        "CASE_HELD": Label(_("Contact held"), "bad"),
        "CASE_RELEASED": Label(_("Contact allowed again"), "info"),
        "CASE_TAKEN": Label(_("Case taken")),
        "CASE_ASSIGNED": Label(_("Case assigned")),
        "TREATMENT_CHANGED": Label(_("Treatment changed"), "info"),
        "CALL_LOGGED": Label(_("Call"), "info"),
        "PROMISE_TAKEN": Label(_("Promise taken"), "info"),
        "PROMISE_KEPT": Label(_("Promise kept"), "good"),
        "PROMISE_PARTLY_KEPT": Label(_("Promise partly kept"), "warn"),
        "PROMISE_BROKEN": Label(_("Promise broken"), "bad"),
        "PAYMENT_POSTED": Label(_("Payment"), "good"),
        "PAYMENT_REVERSED": Label(_("Payment reversed"), "bad"),
        "NOTE_WRITTEN": Label(_("Note")),
        "PERSONAL_DATA_SHOWN": Label(_("Personal data shown"), "warn"),
    },
    "reason": {
        "PROMISE_BROKEN": Label(_("Promise just broken"), "bad"),
        "PROMISE_DUE": Label(_("Promise due today"), "warn"),
        "FOLLOW_UP_DUE": Label(_("Next step due today"), "info"),
        "NEW_CASE": Label(_("New case"), "info"),
        "ABOUT_TO_ROLL": Label(_("About to roll"), "warn"),
        "PAID_PART": Label(_("Part paid this week"), "good"),
        "BALANCE_ABOVE_VALUE": Label(_("Balance above car value")),
        "DEEP_ARREARS": Label(_("Over 90 days")),
        "LARGE_OVERDUE": Label(_("Large amount")),
        "IN_ORDER": Label(_("In its turn")),
    },
    "segment": {
        "EARLY": Label(_("Early arrears")),
        "EARLY_LARGE": Label(_("Early arrears, large amount")),
        "BROKEN_PROMISE": Label(_("After a broken promise")),
        "MIDDLE": Label(_("Middle arrears")),
        "LATE": Label(_("Late arrears")),
        "REST": Label(_("Only a rest is open")),
    },
    "treatment": {
        "PHONE": Label(_("By phone")),
        "PHONE_AND_VISIT": Label(_("By phone and visit")),
        "SETTLE_REST": Label(_("Settle the rest")),
    },
    "export_list": {
        "CASES": Label(_("Live cases")),
        "PROMISES": Label(_("Promises")),
        "PAYMENTS": Label(_("Payments")),
        "ARREARS": Label(_("Arrears by team and bucket")),
    },
    "export_purpose": {
        "LENDER_REPORT": Label(_("Report to the lender")),
        "RECONCILIATION": Label(_("Reconciliation of accounts")),
        "REGULATOR": Label(_("Asked for by a regulator")),
        "AUDIT": Label(_("Asked for by an auditor")),
        "LEGAL": Label(_("Legal proceedings")),
        "OPERATION": Label(_("Planning of the team's work")),
    },
    "export_mark": {"UNMASKED": Label(_("in full"), "bad")},
    "export": {
        "WAITING": Label(_("Waits for a second person"), "warn"),
        "QUEUED": Label(_("Being made"), "info"),
        "READY": Label(_("Ready"), "good"),
        "REFUSED": Label(_("Refused"), "bad"),
        "FAILED": Label(_("Not made"), "bad"),
        "EXPIRED": Label(_("Expired")),
    },
    "export_failure": {
        "not_allowed": Label(_("the right to it has ended")),
        "export_too_many_rows": Label(_("more rows than may be taken out")),
        "export_has_no_rows": Label(_("no rows are left")),
    },
    "deadline": {"LATE": Label(_("late"), "bad")},
    "data_request_kind": {
        "ACCESS": Label(_("Access to one's data")),
        "CORRECTION": Label(_("Correction")),
        "DELETION": Label(_("Deletion")),
        "EXPLANATION": Label(_("Explanation of a decision")),
        "WITHDRAWAL": Label(_("Withdrawal of a consent")),
    },
    "data_request": {
        "RECEIVED": Label(_("Identity unchecked"), "warn"),
        "IDENTIFIED": Label(_("To be answered"), "info"),
        "ANSWERED": Label(_("Answered"), "good"),
        "REFUSED": Label(_("Refused"), "bad"),
    },
    "identity_check": {
        "ID_DOCUMENT": Label(_("Identity document seen")),
        "CALL_BACK": Label(_("Called back on the number on file")),
        "SIGNED_LETTER": Label(_("Signed letter compared")),
        "ONLINE_IDENTITY": Label(_("Identity proved online")),
    },
    "privacy_channel": {
        "COUNTER": Label(_("At the counter")),
        "PHONE": Label(_("By telephone")),
        "LETTER": Label(_("By letter")),
        "ONLINE": Label(_("Online")),
        "CONTRACT": Label(_("With the contract")),
    },
    "sensitive_kind": {
        "BIOMETRIC": Label(_("Biometric features")),
        "HEALTH": Label(_("Health")),
        "ACCOUNT": Label(_("Financial accounts")),
        "LOCATION": Label(_("Whereabouts")),
        "MINOR": Label(_("Children under fourteen")),
        "IDENTITY": Label(_("Religion or special identity")),
    },
    "consent": {
        "GIVEN": Label(_("Stands"), "good"),
        "WITHDRAWN": Label(_("Withdrawn")),
    },
    "data_kind": {
        "OBLIGOR": Label(_("Who owes or vouches: name, numbers, addresses")),
        "THIRD_PERSON": Label(_("Contact persons: name, numbers, addresses")),
        "NOTES": Label(_("Words noted of calls and acts")),
        "VEHICLE": Label(_("Plates and vehicle numbers")),
        "BACKUP": Label(_("Backups")),
        "QUARANTINE": Label(_("Refused rows of files")),
    },
    "retention_action": {
        "DE_IDENTIFY": Label(_("overwritten; sums and events stay")),
        "DELETE": Label(_("deleted")),
    },
    "erasure": {
        "LISTING": Label(_("Being listed"), "info"),
        "PLANNED": Label(_("Listed; nothing changed"), "warn"),
        "APPROVED": Label(_("Under way"), "info"),
        "DONE": Label(_("Done"), "good"),
        "DROPPED": Label(_("Dropped")),
    },
    "hold_scope": {
        "PERSON": Label(_("Person")),
        "CONTRACT": Label(_("Contract")),
        "LENDER": Label(_("Lender")),
    },
    "restriction_cause": {
        "TERM": Label(_("Past its term")),
        "OBJECTION": Label(_("The person objects")),
        "WITHDRAWAL": Label(_("Consent withdrawn")),
        "UNLAWFUL": Label(_("Should not have been kept")),
    },
    "assessment_reason": {
        "SENSITIVE": Label(_("Sensitive data")),
        "AUTOMATED_DECISION": Label(_("Automated decisions")),
        "ENTRUSTED": Label(_("Entrusted to others")),
        "PROVIDED": Label(_("Provided to others")),
        "ABROAD": Label(_("Sent abroad")),
        "GREAT_INFLUENCE": Label(_("Great influence on people")),
    },
    "risk": {
        "LOW": Label(_("Low"), "good"),
        "MEDIUM": Label(_("Medium"), "warn"),
        "HIGH": Label(_("High"), "bad"),
    },
    "batch": {
        "RECEIVED": Label(_("Received"), "info"),
        "RUNNING": Label(_("Running"), "info"),
        "DONE": Label(_("Done"), "good"),
        "REFUSED": Label(_("Refused"), "bad"),
    },
}


def label_of(kind: str, code: object) -> Label:
    """Words and tone of a code; an unknown one speaks for itself."""
    text = str(code)
    return LABELS.get(kind, {}).get(text) or Label(text)
