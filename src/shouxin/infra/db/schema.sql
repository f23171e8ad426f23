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
    proof bytea,
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

COMMENT ON TABLE shouxin.draw IS 'servicing: money that is asked for, until it is paid out or has failed; payee is sealed, proof is the hash of a document';

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

CREATE TABLE shouxin.sealed (
    day date NOT NULL,
    part integer NOT NULL,
    rows bytea NOT NULL,
    CONSTRAINT sealed_part_check CHECK ((part >= 0))
);
ALTER TABLE ONLY shouxin.sealed ALTER COLUMN rows SET STORAGE EXTERNAL;

COMMENT ON TABLE shouxin.sealed IS 'ledger: key and hash of each event and posting of a closed day, at most 10,000 to a part; append-only, not customer-owned';

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

ALTER TABLE ONLY shouxin.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account);

ALTER TABLE ONLY shouxin.activation
    ADD CONSTRAINT activation_pkey PRIMARY KEY (number);

ALTER TABLE ONLY shouxin.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (customer_id, audit_id);

ALTER TABLE ONLY shouxin.bundle
    ADD CONSTRAINT bundle_pkey PRIMARY KEY (hash);

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

ALTER TABLE ONLY shouxin.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (customer_id, document_id);

ALTER TABLE ONLY shouxin.draw
    ADD CONSTRAINT draw_pkey PRIMARY KEY (customer_id, loan_id);

ALTER TABLE ONLY shouxin.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (customer_id, number);

ALTER TABLE ONLY shouxin.facility
    ADD CONSTRAINT facility_pkey PRIMARY KEY (customer_id, facility_id);

ALTER TABLE ONLY shouxin.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (index);

ALTER TABLE ONLY shouxin.job_run
    ADD CONSTRAINT job_run_pkey PRIMARY KEY (name, key);

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

ALTER TABLE ONLY shouxin.sealed
    ADD CONSTRAINT sealed_pkey PRIMARY KEY (day, part);

ALTER TABLE ONLY shouxin.statement_line
    ADD CONSTRAINT statement_line_pkey PRIMARY KEY (source, reference);

CREATE INDEX audit_day ON shouxin.audit USING brin (day) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX customer_key_master ON shouxin.customer_key USING btree (key_id, customer_id);

CREATE INDEX debit_open ON shouxin.debit USING btree (day) WHERE (status = 'instructed'::text);

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

ALTER TABLE ONLY shouxin.activation
    ADD CONSTRAINT activation_hash_fkey FOREIGN KEY (hash) REFERENCES shouxin.bundle(hash);

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

ALTER TABLE ONLY shouxin.document
    ADD CONSTRAINT document_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.draw
    ADD CONSTRAINT draw_customer_id_facility_id_fkey FOREIGN KEY (customer_id, facility_id) REFERENCES shouxin.facility(customer_id, facility_id);

ALTER TABLE ONLY shouxin.facility
    ADD CONSTRAINT facility_bundle_fkey FOREIGN KEY (bundle) REFERENCES shouxin.bundle(hash);

ALTER TABLE ONLY shouxin.facility
    ADD CONSTRAINT facility_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer_line(customer_id);

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

ALTER TABLE ONLY shouxin.personal_data
    ADD CONSTRAINT personal_data_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shouxin.customer(customer_id);

ALTER TABLE ONLY shouxin.sealed
    ADD CONSTRAINT sealed_day_fkey FOREIGN KEY (day) REFERENCES shouxin.closed_day(day) DEFERRABLE INITIALLY DEFERRED;

GRANT USAGE ON SCHEMA shouxin TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.account TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.activation TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.audit TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.bundle TO shouxin_app;

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

GRANT SELECT,INSERT ON TABLE shouxin.document TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.draw TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.event TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.facility TO shouxin_app;

GRANT SELECT,INSERT,DELETE ON TABLE shouxin.identity TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.job_run TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.linked_person TO shouxin_app;

GRANT UPDATE(ended) ON TABLE shouxin.linked_person TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.loan TO shouxin_app;

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

GRANT SELECT,INSERT,DELETE ON TABLE shouxin.request TO shouxin_app;

GRANT SELECT,INSERT ON TABLE shouxin.sealed TO shouxin_app;

GRANT SELECT,INSERT,UPDATE ON TABLE shouxin.statement_line TO shouxin_app;
