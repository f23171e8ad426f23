-- The schema after all migrations. Written by `python -m shouxin.infra.db.schema --write`; do not edit.

CREATE SCHEMA shouxin;

CREATE TABLE shouxin.account (
    account text NOT NULL,
    code text NOT NULL,
    product text,
    part text,
    CONSTRAINT account_named CHECK ((account = ((code || COALESCE(('.'::text || product), ''::text)) || COALESCE(('.'::text || part), ''::text))))
);

COMMENT ON TABLE shouxin.account IS 'ledger: the accounts that are open, made from the chart; not customer-owned';

CREATE TABLE shouxin.activation (
    number integer NOT NULL,
    since date NOT NULL,
    hash bytea NOT NULL,
    principal text NOT NULL,
    day date NOT NULL,
    CONSTRAINT activation_number_check CHECK ((number > 0))
);

COMMENT ON TABLE shouxin.activation IS 'products: which bundle holds from which day on; the last row for a day counts; not customer-owned';

CREATE TABLE shouxin.advice_use (
    customer_id uuid NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    used integer NOT NULL,
    CONSTRAINT advice_use_kind_check CHECK ((kind = ANY (ARRAY['whatif'::text, 'remedies'::text, 'answers'::text]))),
    CONSTRAINT advice_use_used_check CHECK ((used > 0))
);

COMMENT ON TABLE shouxin.advice_use IS 'advice: how often advice of a kind was asked for about a customer on a business day';

CREATE TABLE shouxin.application (
    customer_id uuid NOT NULL,
    application_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    day date NOT NULL,
    principal text NOT NULL,
    lang text NOT NULL,
    CONSTRAINT application_lang_check CHECK ((lang = ANY (ARRAY['zh'::text, 'en'::text])))
);

COMMENT ON TABLE shouxin.application IS 'origination: what a customer applied for at once, and the decision on it; append-only';

CREATE TABLE shouxin.application_part (
    customer_id uuid NOT NULL,
    application_id uuid NOT NULL,
    product text NOT NULL,
    amount bigint,
    status text NOT NULL,
    decided_by text,
    facility_id uuid,
    contract uuid,
    case_id uuid,
    CONSTRAINT application_part_amount_check CHECK ((amount > 0)),
    CONSTRAINT application_part_check CHECK (((decided_by IS NULL) = (status = ANY (ARRAY['referred'::text, 'contested'::text])))),
    CONSTRAINT application_part_check1 CHECK (((facility_id IS NULL) = (status <> ALL (ARRAY['offered'::text, 'accepted'::text])))),
    CONSTRAINT application_part_decided_by_check CHECK ((decided_by = ANY (ARRAY['machine'::text, 'person'::text, 'default'::text]))),
    CONSTRAINT application_part_status_check CHECK ((status = ANY (ARRAY['declined'::text, 'referred'::text, 'contested'::text, 'offered'::text, 'accepted'::text])))
);

COMMENT ON TABLE shouxin.application_part IS 'origination: one product of an application. amount: asked for; contract: the document to which the customer says yes; an offer that nobody took is told by its facility';

CREATE TABLE shouxin.audit (
    customer_id uuid NOT NULL,
    audit_id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    day date NOT NULL,
    principal text NOT NULL,
    action text NOT NULL,
    about text,
    detail jsonb NOT NULL,
    sealed bytea
);

COMMENT ON TABLE shouxin.audit IS 'access: who looked at or changed what, the nil customer where it is the house''s; sealed holds what is personal; append-only';

CREATE TABLE shouxin.bundle (
    hash bytea NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    texts jsonb NOT NULL,
    stored date NOT NULL,
    CONSTRAINT bundle_hash_check CHECK ((length(hash) = 32))
);

COMMENT ON TABLE shouxin.bundle IS 'products: the files of every policy bundle that was ever in force, by content hash; not customer-owned';

CREATE TABLE shouxin.bureau_file (
    month date NOT NULL,
    number integer NOT NULL,
    day date NOT NULL,
    principal text NOT NULL,
    records bigint NOT NULL,
    corrections bigint NOT NULL,
    withheld bigint NOT NULL,
    sha256 bytea NOT NULL,
    CONSTRAINT bureau_file_corrections_check CHECK ((corrections >= 0)),
    CONSTRAINT bureau_file_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT bureau_file_number_check CHECK ((number > 0)),
    CONSTRAINT bureau_file_records_check CHECK ((records >= 0)),
    CONSTRAINT bureau_file_sha256_check CHECK ((length(sha256) = 32)),
    CONSTRAINT bureau_file_withheld_check CHECK ((withheld >= 0))
);

COMMENT ON TABLE shouxin.bureau_file IS 'servicing: the files for the bureau by month, one row for each content that there was; append-only, not customer-owned';

CREATE TABLE shouxin.bureau_record (
    customer_id uuid NOT NULL,
    account_id uuid NOT NULL,
    month date NOT NULL,
    number integer NOT NULL,
    file date NOT NULL,
    sha256 bytea NOT NULL,
    booked date NOT NULL,
    CONSTRAINT bureau_record_check CHECK (((EXTRACT(day FROM file) = (1)::numeric) AND (file >= month))),
    CONSTRAINT bureau_record_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT bureau_record_number_check CHECK ((number > 0)),
    CONSTRAINT bureau_record_own_is_first CHECK (((file > month) OR (number = 1))),
    CONSTRAINT bureau_record_sha256_check CHECK ((length(sha256) = 32))
);

COMMENT ON TABLE shouxin.bureau_record IS 'servicing: each record of an account and a month that a file for the bureau has. number: 1 the first, then its corrections; file: the month of the file; sha256: over what the record says of the account; append-only';

CREATE TABLE shouxin.case_act (
    customer_id uuid NOT NULL,
    case_id uuid NOT NULL,
    number integer NOT NULL,
    act text NOT NULL,
    principal text NOT NULL,
    day date NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    outcome text,
    granted bigint,
    sealed bytea,
    CONSTRAINT case_act_act_check CHECK ((act = ANY (ARRAY['opened'::text, 'taken'::text, 'released'::text, 'proposed'::text, 'sent_back'::text, 'decided'::text, 'expired'::text, 'late'::text]))),
    CONSTRAINT case_act_number_check CHECK ((number > 0))
);

COMMENT ON TABLE shouxin.case_act IS 'access: everything that was done about a case, numbered without gaps; sealed is the reason in the words of who gave it; append-only';

CREATE TABLE shouxin.case_file (
    customer_id uuid NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    subject uuid NOT NULL,
    amount bigint NOT NULL,
    lang text NOT NULL,
    opened date NOT NULL,
    expires date NOT NULL,
    fallback text,
    status text NOT NULL,
    taken_by text,
    maker text,
    checker text,
    outcome text,
    granted bigint,
    ended date,
    acts integer NOT NULL,
    late date,
    CONSTRAINT case_file_acts_check CHECK ((acts > 0)),
    CONSTRAINT case_file_amount_check CHECK ((amount >= 0)),
    CONSTRAINT case_file_check CHECK ((expires >= opened)),
    CONSTRAINT case_file_check1 CHECK ((checker <> maker)),
    CONSTRAINT case_file_check2 CHECK ((ended >= opened)),
    CONSTRAINT case_file_check3 CHECK (((ended IS NULL) = (status = ANY (ARRAY['open'::text, 'taken'::text, 'proposed'::text])))),
    CONSTRAINT case_file_check4 CHECK (((outcome IS NULL) = (status = ANY (ARRAY['open'::text, 'taken'::text])))),
    CONSTRAINT case_file_check5 CHECK (((maker IS NULL) = (status = ANY (ARRAY['open'::text, 'taken'::text, 'expired'::text])))),
    CONSTRAINT case_file_check6 CHECK (((status <> 'taken'::text) OR (taken_by IS NOT NULL))),
    CONSTRAINT case_file_check7 CHECK (((taken_by IS NULL) OR (status = ANY (ARRAY['taken'::text, 'proposed'::text])))),
    CONSTRAINT case_file_check8 CHECK ((late > expires)),
    CONSTRAINT case_file_check9 CHECK (((late IS NULL) OR (fallback IS NULL))),
    CONSTRAINT case_file_granted_check CHECK ((granted > 0)),
    CONSTRAINT case_file_kind_check CHECK ((kind = ANY (ARRAY['referral'::text, 'contest'::text, 'dispute'::text, 'overlay'::text]))),
    CONSTRAINT case_file_lang_check CHECK ((lang = ANY (ARRAY['zh'::text, 'en'::text]))),
    CONSTRAINT case_file_status_check CHECK ((status = ANY (ARRAY['open'::text, 'taken'::text, 'proposed'::text, 'decided'::text, 'expired'::text])))
)
WITH (fillfactor='80');

COMMENT ON TABLE shouxin.case_file IS 'access: what a person has to decide about a customer. subject: a decision, a loan; amount: at stake, 0 where none was named; expires: the last day on which it can be decided; fallback: the outcome where nobody does, null where it stays open; late: the day on which it was found that nobody had decided in time, of a case that stays open; maker, checker: who decided, and who confirmed it; outcome, granted: of the decision, or of the one that waits to be confirmed';

CREATE TABLE shouxin.closed_balance (
    day date NOT NULL,
    account text NOT NULL,
    debits numeric(30,0) NOT NULL,
    credits numeric(30,0) NOT NULL,
    CONSTRAINT closed_balance_credits_check CHECK ((credits >= (0)::numeric)),
    CONSTRAINT closed_balance_debits_check CHECK ((debits >= (0)::numeric))
);

COMMENT ON TABLE shouxin.closed_balance IS 'ledger: all debits and credits of an account up to the end of a day; append-only, not customer-owned';

CREATE TABLE shouxin.closed_day (
    day date NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    rows bigint NOT NULL,
    key_id text NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT closed_day_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT closed_day_previous_hash_check CHECK ((length(previous_hash) = 32)),
    CONSTRAINT closed_day_rows_check CHECK ((rows >= 0))
);

COMMENT ON TABLE shouxin.closed_day IS 'ledger: days that are over, each chained to the one before it and signed; append-only, not customer-owned';

CREATE TABLE shouxin.consent (
    customer_id uuid NOT NULL,
    number bigint NOT NULL,
    purpose text NOT NULL,
    text_version text NOT NULL,
    language text NOT NULL,
    given_on date NOT NULL,
    ends_on date,
    CONSTRAINT consent_check CHECK ((ends_on >= given_on)),
    CONSTRAINT consent_language_check CHECK ((language = ANY (ARRAY['zh'::text, 'en'::text]))),
    CONSTRAINT consent_purpose_check CHECK ((purpose = ANY (ARRAY['bureau_query'::text, 'bureau_reporting'::text, 'sharing_with_funders'::text, 'sensitive_data'::text])))
);

COMMENT ON TABLE shouxin.consent IS 'customers: consents as they were given, numbered by their events; append-only';

CREATE TABLE shouxin.consent_withdrawal (
    customer_id uuid NOT NULL,
    consent bigint NOT NULL,
    number bigint NOT NULL,
    withdrawn_on date NOT NULL
);

COMMENT ON TABLE shouxin.consent_withdrawal IS 'customers: the end of a consent by the customer''s will, with the number of its event; append-only';

CREATE TABLE shouxin.contact (
    customer_id uuid NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    purpose text NOT NULL,
    valid_from date NOT NULL,
    ended date,
    sealed bytea NOT NULL,
    CONSTRAINT contact_kind_check CHECK ((kind = ANY (ARRAY['phone'::text, 'address'::text, 'email'::text])))
);

COMMENT ON TABLE shouxin.contact IS 'customers: phones, addresses and e-mail of a customer, sealed; numbered by the event that added them';

CREATE TABLE shouxin.customer (
    customer_id uuid NOT NULL,
    kind text NOT NULL,
    state text DEFAULT 'normal'::text NOT NULL,
    events bigint DEFAULT 0 NOT NULL,
    since date NOT NULL,
    CONSTRAINT customer_events_check CHECK ((events >= 0)),
    CONSTRAINT customer_kind_check CHECK ((kind = ANY (ARRAY['house'::text, 'person'::text, 'sole_trader'::text, 'company'::text]))),
    CONSTRAINT customer_state_check CHECK ((state = ANY (ARRAY['normal'::text, 'frozen'::text, 'deceased'::text, 'insolvent'::text])))
)
WITH (fillfactor='80');

COMMENT ON TABLE shouxin.customer IS 'customers: one row for each customer, and the counter of its events; the nil customer is the house';

CREATE TABLE shouxin.customer_key (
    customer_id uuid NOT NULL,
    key_id text NOT NULL,
    wrapped bytea NOT NULL
);

COMMENT ON TABLE shouxin.customer_key IS 'db: the data key of each customer, wrapped by a master key; deleting the row erases the person';

CREATE TABLE shouxin.customer_line (
    customer_id uuid NOT NULL,
    total bigint NOT NULL,
    owed bigint DEFAULT 0 NOT NULL,
    reserved bigint DEFAULT 0 NOT NULL,
    credit bigint DEFAULT 0 NOT NULL,
    CONSTRAINT customer_line_credit_check CHECK ((credit >= 0)),
    CONSTRAINT customer_line_owed_check CHECK ((owed >= 0)),
    CONSTRAINT customer_line_reserved_check CHECK ((reserved >= 0)),
    CONSTRAINT customer_line_total_check CHECK ((total >= 0))
)
WITH (fillfactor='80');

COMMENT ON TABLE shouxin.customer_line IS 'facilities: the total line; owed and reserved over all facilities; credit is what the customer has paid too much';

CREATE TABLE shouxin.debit (
    customer_id uuid NOT NULL,
    day date NOT NULL,
    mandate_id uuid NOT NULL,
    amount bigint NOT NULL,
    attempt smallint NOT NULL,
    status text NOT NULL,
    again date,
    why text,
    CONSTRAINT debit_amount_check CHECK ((amount > 0)),
    CONSTRAINT debit_attempt_check CHECK ((attempt > 0)),
    CONSTRAINT debit_status_check CHECK ((status = ANY (ARRAY['instructed'::text, 'paid'::text, 'failed'::text])))
);

COMMENT ON TABLE shouxin.debit IS 'servicing: auto-debits, at most one for each customer and day; again: when a failed one is tried again';

CREATE TABLE shouxin.decision (
    customer_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    kind text NOT NULL,
    day date NOT NULL,
    principal text NOT NULL,
    bundle bytea NOT NULL,
    engine text NOT NULL,
    facts bytea NOT NULL,
    body bytea NOT NULL,
    sha256 bytea NOT NULL,
    follows uuid,
    experiment integer,
    CONSTRAINT decision_kind_check CHECK ((kind = ANY (ARRAY['precheck'::text, 'application'::text, 'acceptance'::text, 'switch'::text, 'review'::text, 'shadow'::text]))),
    CONSTRAINT decision_sha256_check CHECK ((length(sha256) = 32))
);

COMMENT ON TABLE shouxin.decision IS 'decisions: every answer as it was given; facts and body are sealed, sha256 is over the clear body; follows: the decision that this one looks at again, or that it watched; append-only';

CREATE TABLE shouxin.document (
    customer_id uuid NOT NULL,
    document_id uuid NOT NULL,
    kind text NOT NULL,
    about uuid,
    lang text NOT NULL,
    sha256 bytea NOT NULL,
    sealed bytea NOT NULL,
    day date NOT NULL,
    CONSTRAINT document_kind_check CHECK ((kind = ANY (ARRAY['disclosure'::text, 'contract'::text, 'settlement_certificate'::text, 'other'::text]))),
    CONSTRAINT document_lang_check CHECK ((lang = ANY (ARRAY['zh'::text, 'en'::text]))),
    CONSTRAINT document_sha256_check CHECK ((length(sha256) = 32))
);
ALTER TABLE ONLY shouxin.document ALTER COLUMN sealed SET STORAGE EXTERNAL;

COMMENT ON TABLE shouxin.document IS 'messages: what was shown to a customer or signed, sealed; sha256 is of the clear text, about the loan; append-only';

CREATE TABLE shouxin.draw (
    customer_id uuid NOT NULL,
    loan_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    status text NOT NULL,
    amount bigint NOT NULL,
    fee bigint NOT NULL,
    method text NOT NULL,
    months integer NOT NULL,
    rate_ppm integer NOT NULL,
    purpose text NOT NULL,
    merchant_category text,
    entrusted boolean NOT NULL,
    payee bytea,
    disclosure uuid NOT NULL,
    contract uuid NOT NULL,
    rail text NOT NULL,
    asked date NOT NULL,
    ended date,
    failure text,
    CONSTRAINT draw_amount_check CHECK ((amount > 0)),
    CONSTRAINT draw_check CHECK (((fee >= 0) AND (fee < amount))),
    CONSTRAINT draw_months_check CHECK ((months > 0)),
    CONSTRAINT draw_status_check CHECK ((status = ANY (ARRAY['reserved'::text, 'instructed'::text, 'paid'::text, 'failed'::text])))
)
WITH (fillfactor='80');

COMMENT ON TABLE shouxin.draw IS 'servicing: money that is asked for, until it is paid out or has failed; payee is sealed';

CREATE TABLE shouxin.draw_proof (
    customer_id uuid NOT NULL,
    loan_id uuid NOT NULL,
    number integer NOT NULL,
    kind text,
    sha256 bytea NOT NULL,
    CONSTRAINT draw_proof_number_check CHECK ((number > 0)),
    CONSTRAINT draw_proof_sha256_check CHECK ((length(sha256) = 32))
);

COMMENT ON TABLE shouxin.draw_proof IS 'servicing: the hashes of the documents that prove what a draw is for. kind: of the papers that its product names, null where it names none; append-only';

CREATE TABLE shouxin.event (
    customer_id uuid NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    facility_id uuid,
    loan_id uuid,
    effective date NOT NULL,
    booked date NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    principal text NOT NULL,
    reason text,
    body jsonb NOT NULL,
    CONSTRAINT event_number_check CHECK ((number > 0))
);

COMMENT ON TABLE shouxin.event IS 'messages: everything that happened to a customer, numbered without gaps; append-only, no personal data';

CREATE TABLE shouxin.experiment (
    number integer NOT NULL,
    hash bytea NOT NULL,
    since date NOT NULL,
    until date NOT NULL,
    share_ppm integer NOT NULL,
    most integer NOT NULL,
    decided integer DEFAULT 0 NOT NULL,
    principal text NOT NULL,
    day date NOT NULL,
    CONSTRAINT experiment_check CHECK ((until >= since)),
    CONSTRAINT experiment_check1 CHECK (((decided >= 0) AND (decided <= most))),
    CONSTRAINT experiment_most_check CHECK ((most >= 0)),
    CONSTRAINT experiment_number_check CHECK ((number > 0)),
    CONSTRAINT experiment_share_ppm_check CHECK (((share_ppm >= 0) AND (share_ppm <= 500000)))
);

COMMENT ON TABLE shouxin.experiment IS 'decisions: challengers of the bundle in force. share_ppm: of the applications that it decides itself, 0 where it only watches; most: how many at most; decided: how many it has; not customer-owned';

CREATE TABLE shouxin.facility (
    customer_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    product text NOT NULL,
    bundle bytea NOT NULL,
    pool text,
    leads boolean DEFAULT false NOT NULL,
    status text NOT NULL,
    most bigint NOT NULL,
    rate_ppm integer NOT NULL,
    terms jsonb NOT NULL,
    owed bigint DEFAULT 0 NOT NULL,
    reserved bigint DEFAULT 0 NOT NULL,
    loans integer DEFAULT 0 NOT NULL,
    offered date NOT NULL,
    opened date,
    expires date NOT NULL,
    used date,
    ended date,
    reason text,
    CONSTRAINT facility_check CHECK (((status <> ALL (ARRAY['offered'::text, 'closed'::text])) OR ((owed = 0) AND (reserved = 0) AND (loans = 0)))),
    CONSTRAINT facility_check1 CHECK (((status = 'closed'::text) = (ended IS NOT NULL))),
    CONSTRAINT facility_loans_check CHECK ((loans >= 0)),
    CONSTRAINT facility_most_check CHECK ((most >= 0)),
    CONSTRAINT facility_owed_check CHECK ((owed >= 0)),
    CONSTRAINT facility_rate_ppm_check CHECK ((rate_ppm >= 0)),
    CONSTRAINT facility_reserved_check CHECK ((reserved >= 0)),
    CONSTRAINT facility_status_check CHECK ((status = ANY (ARRAY['offered'::text, 'active'::text, 'suspended'::text, 'closing'::text, 'closed'::text])))
)
WITH (fillfactor='70');

COMMENT ON TABLE shouxin.facility IS 'facilities: a line under one product. most: its limit; loans: how many are not settled; used: the last day on which it was drawn or repaid; reason: of its last change';

CREATE TABLE shouxin.facility_version (
    customer_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    number bigint NOT NULL,
    status text NOT NULL,
    most bigint NOT NULL,
    expires date NOT NULL,
    reason text,
    booked date NOT NULL
);

COMMENT ON TABLE shouxin.facility_version IS 'facilities: status, limit and expiry of a facility since they last changed, by the number of the customer''s event; append-only';

CREATE VIEW shouxin.facts_draw AS
 SELECT customer_id,
    loan_id,
    facility_id,
    status,
    amount,
    asked,
    ended
   FROM shouxin.draw;

COMMENT ON VIEW shouxin.facts_draw IS 'facts: draws by the day on which they were asked; from `ended` on they reserve nothing, and those of status failed have failed';

CREATE VIEW shouxin.facts_facility AS
 SELECT customer_id,
    facility_id,
    product,
    pool,
    leads,
    opened
   FROM shouxin.facility
  WHERE (opened IS NOT NULL);

COMMENT ON VIEW shouxin.facts_facility IS 'facts: facilities that were ever opened, and what does not change of them';

CREATE VIEW shouxin.facts_facility_version AS
 SELECT customer_id,
    facility_id,
    number,
    status,
    most,
    reason,
    booked
   FROM shouxin.facility_version;

COMMENT ON VIEW shouxin.facts_facility_version IS 'facts: status and limit of a facility from the day `booked` on, until a higher number';

CREATE TABLE shouxin.line_version (
    customer_id uuid NOT NULL,
    number bigint NOT NULL,
    total bigint NOT NULL,
    booked date NOT NULL
);

COMMENT ON TABLE shouxin.line_version IS 'facilities: the total line since it last changed, by the number of the customer''s event; append-only';

CREATE VIEW shouxin.facts_line_version AS
 SELECT customer_id,
    number,
    total,
    booked
   FROM shouxin.line_version;

COMMENT ON VIEW shouxin.facts_line_version IS 'facts: the total line from the day `booked` on, until a higher number';

CREATE TABLE shouxin.loan (
    customer_id uuid NOT NULL,
    loan_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    product text NOT NULL,
    bundle bytea NOT NULL,
    agreement jsonb NOT NULL,
    funders jsonb NOT NULL,
    opened date NOT NULL
);

COMMENT ON TABLE shouxin.loan IS 'servicing: what does not change of a loan: terms, and who lends the money, in millionths';

CREATE VIEW shouxin.facts_loan AS
 SELECT customer_id,
    loan_id,
    facility_id,
    opened
   FROM shouxin.loan;

COMMENT ON VIEW shouxin.facts_loan IS 'facts: loans by the day of their payout';

CREATE VIEW shouxin.facts_misuse AS
 SELECT customer_id,
    loan_id,
    number,
    booked
   FROM shouxin.event
  WHERE ((kind = 'loan.rate_changed'::text) AND (reason = 'MISUSE'::text));

COMMENT ON VIEW shouxin.facts_misuse IS 'facts: findings that the money of a loan was misused';

CREATE TABLE shouxin.over_limit (
    customer_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    number bigint NOT NULL,
    since date NOT NULL,
    until date,
    CONSTRAINT over_limit_check CHECK ((until >= since))
);

COMMENT ON TABLE shouxin.over_limit IS 'facilities: when more was in use than the facility''s limit; until: the day on whose end it was so no more, null while it lasts';

CREATE VIEW shouxin.facts_over_limit AS
 SELECT customer_id,
    facility_id,
    since,
    until
   FROM shouxin.over_limit;

COMMENT ON VIEW shouxin.facts_over_limit IS 'facts: days on which a facility was in use beyond its limit: from `since` to before `until`';

CREATE VIEW shouxin.facts_principal AS
 SELECT customer_id,
    facility_id,
    loan_id,
    booked,
        CASE
            WHEN (kind = 'loan.paid_out'::text) THEN (((body -> 'agreement'::text) ->> 'principal'::text))::bigint
            ELSE ((COALESCE((((body -> 'changed'::text) ->> 'capitalised'::text))::bigint, (0)::bigint) - COALESCE((((body -> 'changed'::text) ->> 'principal_repaid'::text))::bigint, (0)::bigint)) - COALESCE((((body -> 'changed'::text) ->> 'written_off_principal'::text))::bigint, (0)::bigint))
        END AS principal
   FROM shouxin.event
  WHERE (kind ~~ 'loan.%'::text);

COMMENT ON VIEW shouxin.facts_principal IS 'facts: by how much each event changed the principal that is owed; of a facility, known from `booked` on';

CREATE TABLE shouxin.request (
    customer_id uuid NOT NULL,
    key text NOT NULL,
    hash bytea NOT NULL,
    principal text NOT NULL,
    answer jsonb NOT NULL,
    day date NOT NULL,
    CONSTRAINT request_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200)))
);

COMMENT ON TABLE shouxin.request IS 'access: answers by idempotency key, refusals included; kept 400 days';

CREATE VIEW shouxin.facts_refused_draw AS
 SELECT customer_id,
    day
   FROM shouxin.request
  WHERE ((NOT ((answer ->> 'done'::text))::boolean) AND (((answer -> 'body'::text) ->> 'code'::text) = 'DrawExceedsHeadroom'::text));

COMMENT ON VIEW shouxin.facts_refused_draw IS 'facts: draws that were refused since they exceeded the headroom; answers are kept 400 days';

CREATE VIEW shouxin.facts_reversal AS
 SELECT customer_id,
    loan_id,
    ((body ->> 'reverses'::text))::bigint AS reverses,
    booked
   FROM shouxin.event
  WHERE (kind = 'loan.reversed'::text);

COMMENT ON VIEW shouxin.facts_reversal IS 'facts: events of loans that were reversed, by their numbers';

CREATE TABLE shouxin.schedule_version (
    customer_id uuid NOT NULL,
    loan_id uuid NOT NULL,
    booked date NOT NULL,
    number bigint NOT NULL,
    monthly bigint NOT NULL,
    instalments smallint[] NOT NULL,
    dues date[] NOT NULL,
    grace_ends date[],
    CONSTRAINT schedule_version_monthly_check CHECK ((monthly >= 0))
);

COMMENT ON TABLE shouxin.schedule_version IS 'servicing: the instalments of a loan that were not settled when its schedule was last made, due and to come. monthly: what the next one to come takes; grace_ends: null where there is no grace; number: of the customer''s last event then; append-only';

CREATE VIEW shouxin.facts_schedule AS
 SELECT customer_id,
    loan_id,
    booked,
    number,
    monthly,
    instalments,
    dues,
    COALESCE(grace_ends, dues) AS grace_ends
   FROM shouxin.schedule_version;

COMMENT ON VIEW shouxin.facts_schedule IS 'facts: the unsettled instalments of a loan from the day `booked` on, until a later version';

CREATE TABLE shouxin.settlement (
    customer_id uuid NOT NULL,
    loan_id uuid NOT NULL,
    instalment smallint NOT NULL,
    due date,
    grace_end date,
    amount bigint NOT NULL,
    settled date NOT NULL,
    booked date NOT NULL,
    number bigint NOT NULL,
    undone date,
    CONSTRAINT settlement_amount_check CHECK ((amount >= 0)),
    CONSTRAINT settlement_check CHECK ((undone >= booked)),
    CONSTRAINT settlement_check1 CHECK ((((instalment = 0) = (due IS NULL)) AND ((instalment = 0) = (grace_end IS NULL)))),
    CONSTRAINT settlement_instalment_check CHECK ((instalment >= 0))
)
WITH (fillfactor='90');

COMMENT ON TABLE shouxin.settlement IS 'servicing: instalments of which nothing is unpaid any more; instalment 0 is the loan as a whole. settled: the day from which on that is so; booked: since when it is known; undone: the day on which it was taken back; amount: what fell due with it';

CREATE VIEW shouxin.facts_settlement AS
 SELECT customer_id,
    loan_id,
    instalment,
    due,
    grace_end,
    amount,
    settled,
    booked,
    undone
   FROM shouxin.settlement;

COMMENT ON VIEW shouxin.facts_settlement IS 'facts: instalments that are settled, known from `booked` on and, where it is not null, before `undone`; 0 is the whole loan';

CREATE TABLE shouxin.identity (
    index bytea NOT NULL,
    customer_id uuid NOT NULL,
    CONSTRAINT identity_index_check CHECK ((length(index) = 32))
);

COMMENT ON TABLE shouxin.identity IS 'customers: which customer has an identity number, by blind index; a directory over all customers, not customer-owned';

CREATE TABLE shouxin.job_run (
    name text NOT NULL,
    key text NOT NULL,
    holder uuid NOT NULL,
    attempts integer DEFAULT 1 NOT NULL,
    started timestamp with time zone NOT NULL,
    heartbeat timestamp with time zone NOT NULL,
    ended timestamp with time zone,
    outcome text,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT job_run_attempts_check CHECK ((attempts > 0)),
    CONSTRAINT job_run_check CHECK (((ended IS NULL) = (outcome IS NULL))),
    CONSTRAINT job_run_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'failed'::text])))
);

COMMENT ON TABLE shouxin.job_run IS 'messages: work that is done once for a key, such as the close of a day; detail is how far it got; not customer-owned';

CREATE TABLE shouxin.linked_person (
    customer_id uuid NOT NULL,
    number bigint NOT NULL,
    linked_id uuid NOT NULL,
    role text NOT NULL,
    valid_from date NOT NULL,
    ended date,
    CONSTRAINT linked_person_check CHECK ((linked_id <> customer_id)),
    CONSTRAINT linked_person_check1 CHECK ((ended >= valid_from)),
    CONSTRAINT linked_person_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'legal_representative'::text, 'guarantor'::text, 'spouse'::text])))
);

COMMENT ON TABLE shouxin.linked_person IS 'customers: who is what to a customer; numbered by the event that added them';

CREATE TABLE shouxin.loan_state (
    customer_id uuid NOT NULL,
    loan_id uuid NOT NULL,
    product text NOT NULL,
    on_day date NOT NULL,
    turn date,
    pending date,
    touched date NOT NULL,
    rate_ppm integer NOT NULL,
    extra_ppm integer NOT NULL,
    year_days smallint NOT NULL,
    to_come bigint NOT NULL,
    due_principal bigint NOT NULL,
    due_interest bigint NOT NULL,
    late_principal bigint NOT NULL,
    oldest_late date,
    fees bigint NOT NULL,
    accrued bigint NOT NULL,
    raised bigint NOT NULL,
    penalty bigint NOT NULL,
    level bigint NOT NULL,
    fallen integer NOT NULL,
    from_day date,
    due_days date[] NOT NULL,
    grace_ends date[],
    principals bigint[] NOT NULL,
    dues jsonb NOT NULL,
    paid_out bigint NOT NULL,
    principal_repaid bigint NOT NULL,
    interest_raised bigint NOT NULL,
    interest_paid bigint NOT NULL,
    penalty_paid bigint NOT NULL,
    fees_raised bigint NOT NULL,
    fees_paid bigint NOT NULL,
    capitalised bigint NOT NULL,
    written_off_principal bigint NOT NULL,
    written_off_interest bigint NOT NULL,
    written_off_penalty bigint NOT NULL,
    written_off_fees bigint NOT NULL,
    recovered bigint NOT NULL,
    overpaid bigint NOT NULL,
    settled date,
    written_off date,
    rare jsonb
)
WITH (fillfactor='60');

COMMENT ON TABLE shouxin.loan_state IS 'servicing: each loan as the fold of its events, on on_day. turn: the next day on which more happens than that interest is earned; pending: the day of an event that is booked and not yet effective; touched: the last day on which a command changed it; rare: what SQL does not roll forward, null for most loans';

CREATE TABLE shouxin.mandate (
    customer_id uuid NOT NULL,
    mandate_id uuid NOT NULL,
    account bytea NOT NULL,
    since date NOT NULL,
    ended date
);

COMMENT ON TABLE shouxin.mandate IS 'servicing: accounts from which a customer lets us debit what is due; sealed';

CREATE TABLE shouxin.migration (
    number integer NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT migration_number_check CHECK ((number > 0))
);

COMMENT ON TABLE shouxin.migration IS 'db: the migrations that were applied; not customer-owned';

CREATE TABLE shouxin.notice (
    customer_id uuid NOT NULL,
    kind text NOT NULL,
    about uuid NOT NULL,
    on_day date NOT NULL,
    lang text DEFAULT 'zh'::text NOT NULL,
    facts jsonb NOT NULL,
    status text DEFAULT 'waiting'::text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    next_try timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT notice_failures_check CHECK ((failures >= 0)),
    CONSTRAINT notice_lang_check CHECK ((lang = ANY (ARRAY['zh'::text, 'en'::text]))),
    CONSTRAINT notice_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'sent'::text, 'expired'::text, 'unreachable'::text, 'withheld'::text])))
)
WITH (fillfactor='80');

COMMENT ON TABLE shouxin.notice IS 'messages: what a customer is to be told about a loan, a facility or themselves; facts fill the text and hold no personal data';

CREATE TABLE shouxin.notice_attempt (
    customer_id uuid NOT NULL,
    kind text NOT NULL,
    about uuid NOT NULL,
    on_day date NOT NULL,
    attempt integer NOT NULL,
    step text NOT NULL,
    at timestamp with time zone NOT NULL,
    local_day date NOT NULL,
    contact bigint,
    detail text,
    CONSTRAINT notice_attempt_attempt_check CHECK ((attempt > 0)),
    CONSTRAINT notice_attempt_step_check CHECK ((step = ANY (ARRAY['begun'::text, 'delivered'::text, 'failed'::text])))
);

COMMENT ON TABLE shouxin.notice_attempt IS 'messages: each try to tell a customer something, and how it ended; contact is the number of the contact used; append-only';

CREATE TABLE shouxin.open_day (
    one boolean DEFAULT true NOT NULL,
    day date NOT NULL,
    since date NOT NULL,
    CONSTRAINT open_day_not_before_first CHECK ((day >= since)),
    CONSTRAINT open_day_one_check CHECK (one)
);

COMMENT ON TABLE shouxin.open_day IS 'ledger: the business day on which everything is booked, and the first there was; not customer-owned';

CREATE TABLE shouxin.outbox (
    customer_id uuid NOT NULL,
    sent bigint NOT NULL,
    leased_until timestamp with time zone,
    leased_by text,
    failures integer DEFAULT 0 NOT NULL,
    next_try timestamp with time zone DEFAULT now() NOT NULL,
    trouble text
);

COMMENT ON TABLE shouxin.outbox IS 'messages: customers with events that were not yet told; one lease for each customer keeps their order';

COMMENT ON COLUMN shouxin.outbox.next_try IS 'not before this is the customer looked at: the end of a lease, or of the pause after a failure';

COMMENT ON COLUMN shouxin.outbox.trouble IS 'why the last try failed';

CREATE TABLE shouxin.personal_data (
    customer_id uuid NOT NULL,
    sealed bytea NOT NULL
);

COMMENT ON TABLE shouxin.personal_data IS 'customers: name and identity numbers of a customer, sealed';

CREATE TABLE shouxin.phone_directory (
    index bytea NOT NULL,
    customer_id uuid NOT NULL,
    CONSTRAINT phone_directory_index_check CHECK ((length(index) = 32))
);

COMMENT ON TABLE shouxin.phone_directory IS 'customers: which customers have a phone number, by blind index; a directory over all customers, not customer-owned';

CREATE TABLE shouxin.posting (
    customer_id uuid NOT NULL,
    journal bigint NOT NULL,
    line smallint NOT NULL,
    debit text NOT NULL,
    credit text NOT NULL,
    amount bigint NOT NULL,
    currency character(3) NOT NULL,
    book_date date NOT NULL,
    value_date date NOT NULL,
    loan_id uuid,
    reverses bigint,
    CONSTRAINT posting_amount_check CHECK ((amount > 0)),
    CONSTRAINT posting_journal_check CHECK ((journal > 0)),
    CONSTRAINT posting_line_check CHECK ((line > 0)),
    CONSTRAINT posting_reverses_earlier CHECK (((reverses >= 1) AND (reverses <= (journal - 1)))),
    CONSTRAINT posting_two_accounts CHECK ((debit <> credit))
);

COMMENT ON TABLE shouxin.posting IS 'ledger: one debit and one credit; the event with the same customer and number heads the journal; append-only';

CREATE TABLE shouxin.principal (
    name text NOT NULL,
    kind text NOT NULL,
    roles text[] NOT NULL,
    active boolean NOT NULL,
    since date NOT NULL,
    CONSTRAINT principal_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'service'::text]))),
    CONSTRAINT principal_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);

COMMENT ON TABLE shouxin.principal IS 'access: who may act for the lender, in which roles; each change is in audit; not customer-owned';

CREATE TABLE shouxin.sealed (
    day date NOT NULL,
    part integer NOT NULL,
    rows bytea NOT NULL,
    CONSTRAINT sealed_part_check CHECK ((part >= 0))
);
ALTER TABLE ONLY shouxin.sealed ALTER COLUMN rows SET STORAGE EXTERNAL;

COMMENT ON TABLE shouxin.sealed IS 'ledger: key and hash of each event and posting of a closed day, at most 10,000 to a part; append-only, not customer-owned';

CREATE TABLE shouxin.snapshot (
    customer_id uuid NOT NULL,
    number bigint NOT NULL,
    source text NOT NULL,
    observed date NOT NULL,
    booked date NOT NULL,
    bundle bytea NOT NULL,
    consent bigint,
    file bytea,
    sealed bytea NOT NULL,
    CONSTRAINT snapshot_check CHECK ((booked >= observed)),
    CONSTRAINT snapshot_file_check CHECK ((length(file) = 32)),
    CONSTRAINT snapshot_number_check CHECK ((number > 0))
);

COMMENT ON TABLE shouxin.snapshot IS 'facts: what a source said of a customer, sealed, numbered by its event. observed: the day it speaks of; booked: since when it is known; bundle: whose catalogue typed it; consent: the one it stands on; file: hash of what it was loaded from; append-only';

CREATE TABLE shouxin.statement_line (
    source text NOT NULL,
    reference text NOT NULL,
    day date NOT NULL,
    amount bigint NOT NULL,
    status text NOT NULL,
    customer_id uuid,
    booked date NOT NULL,
    CONSTRAINT statement_line_amount_check CHECK ((amount > 0)),
    CONSTRAINT statement_line_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 120))),
    CONSTRAINT statement_line_source_check CHECK (((length(source) >= 1) AND (length(source) <= 60))),
    CONSTRAINT statement_line_status_check CHECK ((status = ANY (ARRAY['matched'::text, 'suspense'::text, 'resolved'::text])))
);

COMMENT ON TABLE shouxin.statement_line IS 'servicing: lines of bank statements by the bank''s reference, each booked once; in suspense until a customer is found; not customer-owned';

CREATE TABLE shouxin.switch_plan (
    customer_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    closes uuid[] NOT NULL,
    product text NOT NULL,
    facility_id uuid NOT NULL,
    most bigint NOT NULL,
    rate_ppm integer NOT NULL,
    terms jsonb NOT NULL,
    contract uuid NOT NULL,
    source text NOT NULL,
    payoff bigint NOT NULL,
    lang text NOT NULL,
    day date NOT NULL,
    expires date NOT NULL,
    status text NOT NULL,
    ended date,
    CONSTRAINT switch_plan_check CHECK (((ended IS NULL) = (status = 'approved'::text))),
    CONSTRAINT switch_plan_closes_check CHECK ((cardinality(closes) > 0)),
    CONSTRAINT switch_plan_lang_check CHECK ((lang = ANY (ARRAY['zh'::text, 'en'::text]))),
    CONSTRAINT switch_plan_most_check CHECK ((most > 0)),
    CONSTRAINT switch_plan_payoff_check CHECK ((payoff >= 0)),
    CONSTRAINT switch_plan_source_check CHECK ((source = ANY (ARRAY['own_money'::text, 'credit_balance'::text]))),
    CONSTRAINT switch_plan_status_check CHECK ((status = ANY (ARRAY['approved'::text, 'executed'::text, 'withdrawn'::text, 'lapsed'::text])))
);

COMMENT ON TABLE shouxin.switch_plan IS 'origination: a switch that was approved beforehand. facility_id: of the line to be opened; most, rate_ppm, terms: what is guaranteed until expires; source: where the money to settle comes from; payoff: what there was to settle on the day of approval';

ALTER TABLE ONLY shouxin.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account);

ALTER TABLE ONLY shouxin.activation
    ADD CONSTRAINT activation_pkey PRIMARY KEY (number);

ALTER TABLE ONLY shouxin.advice_use
    ADD CONSTRAINT advice_use_pkey PRIMARY KEY (customer_id, day, kind);

ALTER TABLE ONLY shouxin.application_part
    ADD CONSTRAINT application_part_pkey PRIMARY KEY (customer_id, application_id, product);

ALTER TABLE ONLY shouxin.application
    ADD CONSTRAINT application_pkey PRIMARY KEY (customer_id, application_id);

ALTER TABLE ONLY shouxin.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (customer_id, audit_id);

ALTER TABLE ONLY shouxin.bundle
    ADD CONSTRAINT bundle_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY shouxin.bureau_file
    ADD CONSTRAINT bureau_file_pkey PRIMARY KEY (month, number);

ALTER TABLE ONLY shouxin.bureau_record
    ADD CONSTRAINT bureau_record_customer_id_account_id_month_file_key UNIQUE (customer_id, account_id, month, file);

ALTER TABLE ONLY shouxin.bureau_record
    ADD CONSTRAINT bureau_record_pkey PRIMARY KEY (customer_id, account_id, month, number);

ALTER TABLE ONLY shouxin.case_act
    ADD CONSTRAINT case_act_pkey PRIMARY KEY (customer_id, case_id, number);

ALTER TABLE ONLY shouxin.case_file
    ADD CONSTRAINT case_file_pkey PRIMARY KEY (customer_id, case_id);

ALTER TABLE ONLY shouxin.closed_balance
    ADD CONSTRAINT closed_balance_pkey PRIMARY KEY (day, account);

ALTER TABLE ONLY shouxin.closed_day
    ADD CONSTRAINT closed_day_pkey PRIMARY KEY (day);

ALTER TABLE ONLY shouxin.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (customer_id, number);

ALTER TABLE ONLY shouxin.consent_withdrawal
    ADD CONSTRAINT consent_withdrawal_pkey PRIMARY KEY (customer_id, consent);

ALTER TABLE ONLY shouxin.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (customer_id, number);

ALTER TABLE ONLY shouxin.customer_key
    ADD CONSTRAINT customer_key_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY shouxin.customer_line
    ADD CONSTRAINT customer_line_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY shouxin.customer
    ADD CONSTRAINT customer_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY shouxin.debit
    ADD CONSTRAINT debit_pkey PRIMARY KEY (customer_id, day);

ALTER TABLE ONLY shouxin.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (customer_id, decision_id);

ALTER TABLE ONLY shouxin.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (customer_id, document_id);

ALTER TABLE ONLY shouxin.draw
    ADD CONSTRAINT draw_pkey PRIMARY KEY (customer_id, loan_id);

ALTER TABLE ONLY shouxin.draw_proof
    ADD CONSTRAINT draw_proof_pkey PRIMARY KEY (customer_id, loan_id, number);

ALTER TABLE ONLY shouxin.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (customer_id, number);

ALTER TABLE ONLY shouxin.experiment
    ADD CONSTRAINT experiment_pkey PRIMARY KEY (number);

ALTER TABLE ONLY shouxin.facility
    ADD CONSTRAINT facility_pkey PRIMARY KEY (customer_id, facility_id);

ALTER TABLE ONLY shouxin.facility_version
    ADD CONSTRAINT facility_version_pkey PRIMARY KEY (customer_id, facility_id, number);

ALTER TABLE ONLY shouxin.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (index);

ALTER TABLE ONLY shouxin.job_run
    ADD CONSTRAINT job_run_pkey PRIMARY KEY (name, key);

ALTER TABLE ONLY shouxin.line_version
    ADD CONSTRAINT line_version_pkey PRIMARY KEY (customer_id, number);

ALTER TABLE ONLY shouxin.linked_person
    ADD CONSTRAINT linked_person_pkey PRIMARY KEY (customer_id, number);

ALTER TABLE ONLY shouxin.loan
    ADD CONSTRAINT loan_pkey PRIMARY KEY (customer_id, loan_id);

ALTER TABLE ONLY shouxin.loan_state
    ADD CONSTRAINT loan_state_pkey PRIMARY KEY (customer_id, loan_id);

ALTER TABLE ONLY shouxin.mandate
    ADD CONSTRAINT mandate_pkey PRIMARY KEY (customer_id, mandate_id);

ALTER TABLE ONLY shouxin.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY shouxin.notice_attempt
    ADD CONSTRAINT notice_attempt_pkey PRIMARY KEY (customer_id, kind, about, on_day, attempt, step);

ALTER TABLE ONLY shouxin.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (customer_id, kind, about, on_day);

ALTER TABLE ONLY shouxin.open_day
    ADD CONSTRAINT open_day_pkey PRIMARY KEY (one);

ALTER TABLE ONLY shouxin.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY shouxin.over_limit
    ADD CONSTRAINT over_limit_pkey PRIMARY KEY (customer_id, facility_id, number);

ALTER TABLE ONLY shouxin.personal_data
    ADD CONSTRAINT personal_data_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY shouxin.phone_directory
    ADD CONSTRAINT phone_directory_pkey PRIMARY KEY (index, customer_id);

ALTER TABLE ONLY shouxin.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (customer_id, journal, line);

ALTER TABLE ONLY shouxin.principal
    ADD CONSTRAINT principal_pkey PRIMARY KEY (name);

ALTER TABLE ONLY shouxin.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (customer_id, key);

ALTER TABLE ONLY shouxin.schedule_version
    ADD CONSTRAINT schedule_version_pkey PRIMARY KEY (customer_id, loan_id, booked, number);

ALTER TABLE ONLY shouxin.sealed
    ADD CONSTRAINT sealed_pkey PRIMARY KEY (day, part);

ALTER TABLE ONLY shouxin.settlement
    ADD CONSTRAINT settlement_pkey PRIMARY KEY (customer_id, loan_id, instalment, booked, number);

ALTER TABLE ONLY shouxin.snapshot
    ADD CONSTRAINT snapshot_pkey PRIMARY KEY (customer_id, number);

ALTER TABLE ONLY shouxin.statement_line
    ADD CONSTRAINT statement_line_pkey PRIMARY KEY (source, reference);

ALTER TABLE ONLY shouxin.switch_plan
    ADD CONSTRAINT switch_plan_pkey PRIMARY KEY (customer_id, plan_id);

CREATE UNIQUE INDEX application_part_facility ON shouxin.application_part USING btree (customer_id, facility_id) WHERE (facility_id IS NOT NULL);

CREATE UNIQUE INDEX application_part_waiting ON shouxin.application_part USING btree (customer_id, product) WHERE (status = ANY (ARRAY['referred'::text, 'contested'::text]));

CREATE INDEX audit_day ON shouxin.audit USING brin (day) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX case_file_due ON shouxin.case_file USING btree (expires, customer_id, case_id) WHERE ((status = ANY (ARRAY['open'::text, 'taken'::text, 'proposed'::text])) AND (late IS NULL));

CREATE INDEX case_file_id ON shouxin.case_file USING btree (case_id);

CREATE INDEX case_file_waiting ON shouxin.case_file USING btree (queue, expires, case_id) WHERE (status = ANY (ARRAY['open'::text, 'taken'::text, 'proposed'::text]));

CREATE INDEX customer_key_master ON shouxin.customer_key USING btree (key_id, customer_id);

CREATE INDEX debit_open ON shouxin.debit USING btree (day) WHERE (status = 'instructed'::text);

CREATE INDEX decision_experiment ON shouxin.decision USING btree (experiment) WHERE (experiment IS NOT NULL);

CREATE INDEX decision_id ON shouxin.decision USING btree (decision_id);

CREATE INDEX draw_open ON shouxin.draw USING btree (asked) WHERE (status = ANY (ARRAY['reserved'::text, 'instructed'::text]));

CREATE INDEX event_booked ON shouxin.event USING brin (booked) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX facility_expires ON shouxin.facility USING btree (expires) WHERE (status <> 'closed'::text);

CREATE UNIQUE INDEX facility_one_open ON shouxin.facility USING btree (customer_id, product) WHERE (status = ANY (ARRAY['offered'::text, 'active'::text, 'suspended'::text]));

CREATE INDEX identity_customer ON shouxin.identity USING btree (customer_id);

CREATE INDEX linked_person_linked ON shouxin.linked_person USING btree (linked_id);

CREATE INDEX loan_state_pending ON shouxin.loan_state USING btree (pending) WHERE (pending IS NOT NULL);

CREATE INDEX loan_state_turn ON shouxin.loan_state USING btree (turn) INCLUDE (customer_id) WHERE (turn IS NOT NULL);

CREATE UNIQUE INDEX mandate_one ON shouxin.mandate USING btree (customer_id) WHERE (ended IS NULL);

CREATE INDEX notice_attempt_day ON shouxin.notice_attempt USING btree (customer_id, local_day);

CREATE INDEX notice_waiting ON shouxin.notice USING btree (next_try) WHERE (status = 'waiting'::text);

CREATE INDEX outbox_next_try ON shouxin.outbox USING btree (next_try);

CREATE INDEX phone_directory_customer ON shouxin.phone_directory USING btree (customer_id);

CREATE INDEX posting_booked ON shouxin.posting USING brin (book_date) WITH (pages_per_range='32', autosummarize='on');

CREATE UNIQUE INDEX posting_reversed ON shouxin.posting USING btree (customer_id, reverses, line) WHERE (reverses IS NOT NULL);

CREATE UNIQUE INDEX snapshot_file ON shouxin.snapshot USING btree (customer_id, source, file) WHERE (file IS NOT NULL);

CREATE INDEX switch_plan_standing ON shouxin.switch_plan USING btree (expires, customer_id, plan_id) WHERE (status = 'approved'::text);

ALTER TABLE ONLY shouxin.activation
    ADD CONSTRAINT activation_hash_fkey FOREIGN KEY (hash) REFERENCES shouxin.bundle(hash);

ALTER TABLE ONLY shouxin.advice_use
    ADD CONSTRAINT advice_use_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.application
    ADD CONSTRAINT application_customer_id_decision_id_fkey FOREIGN KEY (customer_id, decision_id) REFERENCES shouxin.decision(customer_id, decision_id);

ALTER TABLE ONLY shouxin.application
    ADD CONSTRAINT application_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.application_part
    ADD CONSTRAINT application_part_customer_id_application_id_fkey FOREIGN KEY (customer_id, application_id) REFERENCES shouxin.application(customer_id, application_id);

ALTER TABLE ONLY shouxin.application_part
    ADD CONSTRAINT application_part_customer_id_facility_id_fkey FOREIGN KEY (customer_id, facility_id) REFERENCES shouxin.facility(customer_id, facility_id);

ALTER TABLE ONLY shouxin.bureau_record
    ADD CONSTRAINT bureau_record_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.case_act
    ADD CONSTRAINT case_act_customer_id_case_id_fkey FOREIGN KEY (customer_id, case_id) REFERENCES shouxin.case_file(customer_id, case_id);

ALTER TABLE ONLY shouxin.case_file
    ADD CONSTRAINT case_file_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.closed_balance
    ADD CONSTRAINT closed_balance_account_fkey FOREIGN KEY (account) REFERENCES shouxin.account(account);

ALTER TABLE ONLY shouxin.closed_balance
    ADD CONSTRAINT closed_balance_day_fkey FOREIGN KEY (day) REFERENCES shouxin.closed_day(day) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY shouxin.consent
    ADD CONSTRAINT consent_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.consent_withdrawal
    ADD CONSTRAINT consent_withdrawal_customer_id_consent_fkey FOREIGN KEY (customer_id, consent) REFERENCES shouxin.consent(customer_id, number);

ALTER TABLE ONLY shouxin.contact
    ADD CONSTRAINT contact_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.customer_key
    ADD CONSTRAINT customer_key_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.customer_line
    ADD CONSTRAINT customer_line_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.debit
    ADD CONSTRAINT debit_customer_id_mandate_id_fkey FOREIGN KEY (customer_id, mandate_id) REFERENCES shouxin.mandate(customer_id, mandate_id);

ALTER TABLE ONLY shouxin.decision
    ADD CONSTRAINT decision_bundle_fkey FOREIGN KEY (bundle) REFERENCES shouxin.bundle(hash);

ALTER TABLE ONLY shouxin.decision
    ADD CONSTRAINT decision_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.decision
    ADD CONSTRAINT decision_customer_id_follows_fkey FOREIGN KEY (customer_id, follows) REFERENCES shouxin.decision(customer_id, decision_id);

ALTER TABLE ONLY shouxin.document
    ADD CONSTRAINT document_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.draw
    ADD CONSTRAINT draw_customer_id_facility_id_fkey FOREIGN KEY (customer_id, facility_id) REFERENCES shouxin.facility(customer_id, facility_id);

ALTER TABLE ONLY shouxin.draw_proof
    ADD CONSTRAINT draw_proof_customer_id_loan_id_fkey FOREIGN KEY (customer_id, loan_id) REFERENCES shouxin.draw(customer_id, loan_id);

ALTER TABLE ONLY shouxin.experiment
    ADD CONSTRAINT experiment_hash_fkey FOREIGN KEY (hash) REFERENCES shouxin.bundle(hash);

ALTER TABLE ONLY shouxin.facility
    ADD CONSTRAINT facility_bundle_fkey FOREIGN KEY (bundle) REFERENCES shouxin.bundle(hash);

ALTER TABLE ONLY shouxin.facility
    ADD CONSTRAINT facility_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer_line(customer_id);

ALTER TABLE ONLY shouxin.facility_version
    ADD CONSTRAINT facility_version_customer_id_facility_id_fkey FOREIGN KEY (customer_id, facility_id) REFERENCES shouxin.facility(customer_id, facility_id);

ALTER TABLE ONLY shouxin.line_version
    ADD CONSTRAINT line_version_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer_line(customer_id);

ALTER TABLE ONLY shouxin.linked_person
    ADD CONSTRAINT linked_person_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.loan
    ADD CONSTRAINT loan_bundle_fkey FOREIGN KEY (bundle) REFERENCES shouxin.bundle(hash);

ALTER TABLE ONLY shouxin.loan
    ADD CONSTRAINT loan_customer_id_facility_id_fkey FOREIGN KEY (customer_id, facility_id) REFERENCES shouxin.facility(customer_id, facility_id);

ALTER TABLE ONLY shouxin.loan_state
    ADD CONSTRAINT loan_state_customer_id_loan_id_fkey FOREIGN KEY (customer_id, loan_id) REFERENCES shouxin.loan(customer_id, loan_id);

ALTER TABLE ONLY shouxin.mandate
    ADD CONSTRAINT mandate_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.notice_attempt
    ADD CONSTRAINT notice_attempt_customer_id_kind_about_on_day_fkey FOREIGN KEY (customer_id, kind, about, on_day) REFERENCES shouxin.notice(customer_id, kind, about, on_day);

ALTER TABLE ONLY shouxin.notice
    ADD CONSTRAINT notice_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.over_limit
    ADD CONSTRAINT over_limit_customer_id_facility_id_fkey FOREIGN KEY (customer_id, facility_id) REFERENCES shouxin.facility(customer_id, facility_id);

ALTER TABLE ONLY shouxin.personal_data
    ADD CONSTRAINT personal_data_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.schedule_version
    ADD CONSTRAINT schedule_version_customer_id_loan_id_fkey FOREIGN KEY (customer_id, loan_id) REFERENCES shouxin.loan(customer_id, loan_id);

ALTER TABLE ONLY shouxin.sealed
    ADD CONSTRAINT sealed_day_fkey FOREIGN KEY (day) REFERENCES shouxin.closed_day(day) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY shouxin.settlement
    ADD CONSTRAINT settlement_customer_id_loan_id_fkey FOREIGN KEY (customer_id, loan_id) REFERENCES shouxin.loan(customer_id, loan_id);

ALTER TABLE ONLY shouxin.snapshot
    ADD CONSTRAINT snapshot_bundle_fkey FOREIGN KEY (bundle) REFERENCES shouxin.bundle(hash);

ALTER TABLE ONLY shouxin.snapshot
    ADD CONSTRAINT snapshot_customer_id_consent_fkey FOREIGN KEY (customer_id, consent) REFERENCES shouxin.consent(customer_id, number);

ALTER TABLE ONLY shouxin.snapshot
    ADD CONSTRAINT snapshot_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.switch_plan
    ADD CONSTRAINT switch_plan_customer_id_decision_id_fkey FOREIGN KEY (customer_id, decision_id) REFERENCES shouxin.decision(customer_id, decision_id);

ALTER TABLE ONLY shouxin.switch_plan
    ADD CONSTRAINT switch_plan_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

GRANT USAGE ON SCHEMA shouxin TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.account TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.activation TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.advice_use TO shouxin_app;

GRANT UPDATE(used) ON TABLE shouxin.advice_use TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.application TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.application_part TO shouxin_app;

GRANT UPDATE(status) ON TABLE shouxin.application_part TO shouxin_app;

GRANT UPDATE(decided_by) ON TABLE shouxin.application_part TO shouxin_app;

GRANT UPDATE(facility_id) ON TABLE shouxin.application_part TO shouxin_app;

GRANT UPDATE(contract) ON TABLE shouxin.application_part TO shouxin_app;

GRANT UPDATE(case_id) ON TABLE shouxin.application_part TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.audit TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.bundle TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.bureau_file TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.bureau_record TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.case_act TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.case_file TO shouxin_app;

GRANT UPDATE(status) ON TABLE shouxin.case_file TO shouxin_app;

GRANT UPDATE(taken_by) ON TABLE shouxin.case_file TO shouxin_app;

GRANT UPDATE(maker) ON TABLE shouxin.case_file TO shouxin_app;

GRANT UPDATE(checker) ON TABLE shouxin.case_file TO shouxin_app;

GRANT UPDATE(outcome) ON TABLE shouxin.case_file TO shouxin_app;

GRANT UPDATE(granted) ON TABLE shouxin.case_file TO shouxin_app;

GRANT UPDATE(ended) ON TABLE shouxin.case_file TO shouxin_app;

GRANT UPDATE(acts) ON TABLE shouxin.case_file TO shouxin_app;

GRANT UPDATE(late) ON TABLE shouxin.case_file TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.closed_balance TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.closed_day TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.consent TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.consent_withdrawal TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.contact TO shouxin_app;

GRANT UPDATE(ended) ON TABLE shouxin.contact TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.customer TO shouxin_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE shouxin.customer_key TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.customer_line TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.debit TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.decision TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.document TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.draw TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.draw_proof TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.event TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.experiment TO shouxin_app;

GRANT UPDATE(until) ON TABLE shouxin.experiment TO shouxin_app;

GRANT UPDATE(decided) ON TABLE shouxin.experiment TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.facility TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.facility_version TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_draw TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_facility TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_facility_version TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.line_version TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_line_version TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.loan TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_loan TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_misuse TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.over_limit TO shouxin_app;

GRANT UPDATE(until) ON TABLE shouxin.over_limit TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_over_limit TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_principal TO shouxin_app;

GRANT SELECT,INSERT,DELETE ON TABLE shouxin.request TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_refused_draw TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_reversal TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.schedule_version TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_schedule TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.settlement TO shouxin_app;

GRANT UPDATE(undone) ON TABLE shouxin.settlement TO shouxin_app;

GRANT SELECT ON TABLE shouxin.facts_settlement TO shouxin_app;

GRANT SELECT,INSERT,DELETE ON TABLE shouxin.identity TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.job_run TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.linked_person TO shouxin_app;

GRANT UPDATE(ended) ON TABLE shouxin.linked_person TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.loan_state TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.mandate TO shouxin_app;

GRANT SELECT ON TABLE shouxin.migration TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.notice TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.notice_attempt TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.open_day TO shouxin_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE shouxin.outbox TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.personal_data TO shouxin_app;

GRANT SELECT,INSERT,DELETE ON TABLE shouxin.phone_directory TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.posting TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.principal TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.sealed TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.snapshot TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.statement_line TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.switch_plan TO shouxin_app;

GRANT UPDATE(status) ON TABLE shouxin.switch_plan TO shouxin_app;

GRANT UPDATE(ended) ON TABLE shouxin.switch_plan TO shouxin_app;
