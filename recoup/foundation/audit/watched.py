"""Which tables the database watches by itself: declared data. One named nowhere fails the build.

Watched is what somebody commanded or reported: facts, people, rights, rules. What the night derives
is not: it can be reckoned again, and the difference is the proof (docs/security/audit.md).
"""

from dataclasses import dataclass

# Of a row: the contract it belongs to, and the lender whose it is.
CONTRACT, LENDER = "t.contract_id", "t.lender_id"


@dataclass(frozen=True, slots=True)
class Kept:
    """Columns of which each former value is kept, so that a row can be told as of any day.

    Beside the record and not in it: personal data stands there masked and can be forgotten.
    `owner` is the column by which rows are looked for, `lender` SQL over the row `t`.
    """

    columns: tuple[str, ...]
    owner: str
    lender: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A watched table.

    `key` is its one-column key. `derived` columns are left out altogether; `secret` ones, and all
    that hold bytes, are in the digest but not in the images, because what is on record cannot be
    forgotten: personal data, free text, keys. `contract` and `lender` are SQL over the row `t`.
    Rows of an `append_only` table are also compared statement by statement. `kept` are the columns
    whose former values are kept row by row.
    """

    table: str
    key: str = "id"
    derived: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    contract: str = ""
    lender: str = ""
    append_only: bool = False
    kept: Kept | None = None


LENDER_OF_CONTRACT = "(SELECT k.lender_id FROM contracts_contract k WHERE k.id = t.contract_id)"
LENDER_OF_PARTY = "(SELECT p.lender_id FROM parties_party p WHERE p.id = t.party_id)"

WATCHED = (
    Watched(
        "parties_lender", lender="t.id", kept=Kept(("id", "code", "name", "currency"), "id", "t.id")
    ),
    Watched(
        "parties_party",
        secret=(
            "name_masked",
            "id_number_masked",
            "employer_masked",
            "born_on_masked",
            "occupation",
            "income_minor",
            "spending_minor",
            "credit_score",
        ),
        lender=LENDER,
        kept=Kept(
            ("id", "kind", "name_masked", "id_type", "id_number_masked", "region"), "id", LENDER
        ),
    ),
    Watched(
        "parties_contactpoint",
        secret=("value_masked", "last_four"),
        lender=LENDER_OF_PARTY,
        kept=Kept(
            ("id", "party_id", "kind", "value_masked", "holder", "is_valid"),
            "party_id",
            LENDER_OF_PARTY,
        ),
    ),
    Watched("parties_reveal", secret=("reason",), lender=LENDER_OF_PARTY, append_only=True),
    Watched("parties_reveallimit", key="purpose"),
    Watched(
        "contracts_contract",
        contract="t.id",
        lender=LENDER,
        kept=Kept(
            (
                "id",
                "number",
                "lender_id",
                "borrower_id",
                "product",
                "currency",
                "principal_minor",
                "annual_rate_micro",
                "term_months",
                "method",
                "signed_on",
                "first_due_on",
                "matures_on",
                "region",
                "state",
            ),
            "id",
            LENDER,
        ),
    ),
    Watched(
        "contracts_contractparty",
        contract=CONTRACT,
        kept=Kept(("id", "contract_id", "party_id", "role"), "contract_id", LENDER_OF_CONTRACT),
    ),
    Watched(
        "vehicles_vehicle",
        secret=("plate_masked", "vin_masked"),
        contract=CONTRACT,
        kept=Kept(
            (
                "id",
                "contract_id",
                "make",
                "model",
                "model_year",
                "is_new",
                "colour",
                "value_minor",
                "valued_on",
                "lien_registered",
            ),
            "contract_id",
            LENDER_OF_CONTRACT,
        ),
    ),
    Watched(
        "ledger_account",
        key="contract_id",
        derived=(
            "principal_open_minor",
            "unallocated_minor",
            "last_payment_on",
            "last_payment_id",
            "last_adjustment_on",
            "last_adjustment_id",
        ),
        contract=CONTRACT,
        lender=LENDER,
        kept=Kept(
            (
                "contract_id",
                "penalty_rate_micro",
                "penalty_day_basis",
                "penalty_on_interest",
                "grace_days",
                "tolerance_pct",
                "penalty_cap_pct",
                "allocation_rule_id",
            ),
            "contract_id",
            LENDER,
        ),
    ),
    Watched("ledger_payment", derived=("posted_at",), contract=CONTRACT, append_only=True),
    Watched(
        "ledger_reversal",
        key="payment_id",
        derived=("posted_at",),
        contract=CONTRACT,
        append_only=True,
    ),
    Watched("ledger_extension", contract=CONTRACT, append_only=True),
    Watched("ledger_entry", contract=CONTRACT, lender=LENDER, append_only=True),
    Watched(
        "ledger_receipt",
        derived=("open_minor",),
        secret=("payer_masked",),
        lender=LENDER,
        append_only=True,
    ),
    Watched("ledger_return", lender=LENDER, append_only=True),
    Watched("ledger_remittance", lender=LENDER, append_only=True),
    Watched("ledger_adjustment", derived=("posted_at",), contract=CONTRACT, append_only=True),
    Watched(
        "ledger_adjustmentreversal",
        key="adjustment_id",
        derived=("posted_at",),
        contract=CONTRACT,
        append_only=True,
    ),
    Watched("ledger_transfer", key="payment_id", contract=CONTRACT, append_only=True),
    Watched("ledger_allocationrule", key="code"),
    Watched("cases_case", contract=CONTRACT, lender=LENDER),
    Watched("cases_timelineentry", secret=("facts",), contract=CONTRACT, append_only=True),
    Watched("comms_call", secret=("note",), contract=CONTRACT, append_only=True),
    Watched("plans_promise", contract=CONTRACT),
    Watched("strategy_version"),
    Watched("strategy_rule"),
    Watched("intake_mapping", lender=LENDER),
    Watched("intake_batch", derived=("stage", "progress_pct"), lender=LENDER),
    Watched("workforce_user", derived=("last_login",), secret=("password",)),
    Watched("workforce_team"),
    Watched("workforce_agency"),
    Watched("workforce_role", key="code"),
    Watched("workforce_roleright"),
    Watched("workforce_dutyconflict"),
    Watched("workforce_grant", lender=LENDER),
    Watched("workforce_rolechange"),
    Watched("sign_in_servicekey", derived=("used_at",), secret=("digest",)),
    Watched("sign_in_factorsecret"),
    Watched("sign_in_enrolmentcode", key="user_id", derived=("wrong_tries",), secret=("digest",)),
    Watched("sign_in_firstpassword", key="user_id"),
    Watched("mfa_authenticator", derived=("last_used_at",), secret=("data",)),
    Watched("socialaccount_socialaccount", derived=("last_login",), secret=("extra_data",)),
    Watched("vault_datakey", lender=LENDER),
    Watched("filestore_content", lender=LENDER),
    Watched("filestore_file", contract=CONTRACT, lender=LENDER),
    Watched("custody_item", contract=CONTRACT, lender=LENDER),
    Watched("custody_movement", lender=LENDER, append_only=True),
    Watched("approvals_limit", lender=LENDER),
    Watched(
        "approvals_request",
        secret=("reason", "decision_reason"),
        contract=CONTRACT,
        lender=LENDER,
    ),
    Watched("exports_rowlimit"),
    Watched("exports_export", lender=LENDER),
    Watched("exports_download", append_only=True),
    Watched("privacy_retentionrule", lender=LENDER),
    Watched("privacy_legalhold", lender=LENDER),
    Watched("privacy_restriction", secret=("reason", "lifted_reason"), lender=LENDER),
    Watched("privacy_erasurerun"),
    Watched("privacy_requestterm", key="kind"),
    Watched("privacy_datarequest", secret=("detail", "answer"), lender=LENDER),
    Watched("privacy_consentwording"),
    Watched("privacy_use", key="code"),
    Watched("privacy_consent", secret=("evidence",), lender=LENDER),
    Watched("privacy_assessment"),
    Watched(
        "webhooks_subscription",
        derived=("failures", "failing_since", "rest_until"),
        lender=LENDER,
    ),
    Watched("webhooks_secret", lender=LENDER),
)

# Why others are not.
DERIVED = "the night reckons it again from facts"
FRAMEWORK = "the framework's own"
UNWATCHED = {
    "ledger_due": "scheduled by a file whose hash is kept; what is paid of it is derived",
    "ledger_cashnumber": "a counter; the receipts it numbers are watched",
    "arrears_snapshot": DERIVED,
    "arrears_formersnapshot": "what nights had derived before the past changed",
    "assignment_worklistitem": DERIVED,
    "strategy_decision": DERIVED,
    "analytics_dayflow": DERIVED,
    "webhooks_event": "taken by the database from what is watched, and dropped after a month",
    "webhooks_delivery": "what became of sending an event, dropped with it",
    "intake_quarantinedrow": "refused rows of a file whose hash is kept",
    "throttle_bucket": "counters, forgotten after minutes",
    "foundation_jobrun": "the journal of jobs",
    "foundation_jobstep": "the journal of jobs",
    "audit_event": "it is the record",
    "audit_head": "the ends of the record's chains",
    "audit_anchor": "signed",
    "audit_former": "each event that puts rows there holds their digest",
    "privacy_erasureitem": "the journal of erasures; what is erased is on record itself",
    "vault_rotation": "the journal of rotations; the rows they seal anew are watched",
    "sign_in_session": "sign-ins and their ends are acts of their own",
    "sign_in_cache": "counters",
    "django_session": FRAMEWORK,
    "django_migrations": FRAMEWORK,
    "django_content_type": FRAMEWORK,
    "auth_permission": FRAMEWORK,
    "auth_group": FRAMEWORK,
    "auth_group_permissions": FRAMEWORK,
    "workforce_user_groups": FRAMEWORK,
    "workforce_user_user_permissions": FRAMEWORK,
    "account_emailaddress": "always empty",
    "account_emailconfirmation": "always empty",
    "socialaccount_socialapp": "always empty",
    "socialaccount_socialapp_sites": "always empty",
    "socialaccount_socialtoken": "always empty",
    "axes_accessattempt": "failed sign-ins are acts of their own",
    "axes_accessattemptexpiration": "failed sign-ins are acts of their own",
    "axes_accessfailurelog": "failed sign-ins are acts of their own",
    "axes_accesslog": "sign-ins are acts of their own",
    "procrastinate_jobs": FRAMEWORK,
    "procrastinate_events": FRAMEWORK,
    "procrastinate_workers": FRAMEWORK,
    "procrastinate_periodic_defers": FRAMEWORK,
}
BY_TABLE = {watched.table: watched for watched in WATCHED}
