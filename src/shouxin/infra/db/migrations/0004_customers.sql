-- Who the customers are. What is personal is sealed under the customer's own key; what finds a customer is a blind index.

CREATE TABLE customer_key (
  customer_id uuid PRIMARY KEY REFERENCES customer,
  key_id text NOT NULL,
  wrapped bytea NOT NULL
);
CREATE INDEX customer_key_master ON customer_key (key_id, customer_id);
COMMENT ON TABLE customer_key IS 'db: the data key of each customer, wrapped by a master key; deleting the row erases the person';

CREATE TABLE identity (
  index bytea PRIMARY KEY CHECK (length(index) = 32),
  customer_id uuid NOT NULL
);
CREATE INDEX identity_customer ON identity (customer_id);
COMMENT ON TABLE identity IS
  'customers: which customer has an identity number, by blind index; a directory over all customers, not customer-owned';

CREATE TABLE phone_directory (
  index bytea NOT NULL CHECK (length(index) = 32),
  customer_id uuid NOT NULL,
  PRIMARY KEY (index, customer_id)
);
CREATE INDEX phone_directory_customer ON phone_directory (customer_id);
COMMENT ON TABLE phone_directory IS
  'customers: which customers have a phone number, by blind index; a directory over all customers, not customer-owned';

CREATE TABLE personal_data (
  customer_id uuid PRIMARY KEY REFERENCES customer,
  sealed bytea NOT NULL
);
COMMENT ON TABLE personal_data IS 'customers: name and identity numbers of a customer, sealed';

CREATE TABLE contact (
  customer_id uuid NOT NULL REFERENCES customer,
  number bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('phone', 'address', 'email')),
  purpose text NOT NULL,
  valid_from date NOT NULL,
  ended date,
  sealed bytea NOT NULL,
  PRIMARY KEY (customer_id, number)
);
COMMENT ON TABLE contact IS 'customers: phones, addresses and e-mail of a customer, sealed; numbered by the event that added them';

CREATE TABLE linked_person (
  customer_id uuid NOT NULL REFERENCES customer,
  number bigint NOT NULL,
  linked_id uuid NOT NULL CHECK (linked_id <> customer_id),
  role text NOT NULL CHECK (role IN ('owner', 'legal_representative', 'guarantor', 'spouse')),
  valid_from date NOT NULL,
  ended date CHECK (ended >= valid_from),
  PRIMARY KEY (customer_id, number)
);
CREATE INDEX linked_person_linked ON linked_person (linked_id);
COMMENT ON TABLE linked_person IS 'customers: who is what to a customer; numbered by the event that added them';

CREATE TABLE consent (
  customer_id uuid NOT NULL REFERENCES customer,
  number bigint NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('bureau_query', 'bureau_reporting', 'sharing_with_funders', 'sensitive_data')),
  text_version text NOT NULL,
  language text NOT NULL CHECK (language IN ('zh', 'en')),
  given_on date NOT NULL,
  ends_on date CHECK (ends_on >= given_on),
  PRIMARY KEY (customer_id, number)
);
COMMENT ON TABLE consent IS 'customers: consents as they were given, numbered by their events; append-only';

CREATE TABLE consent_withdrawal (
  customer_id uuid NOT NULL,
  consent bigint NOT NULL,
  number bigint NOT NULL,
  withdrawn_on date NOT NULL,
  PRIMARY KEY (customer_id, consent),
  FOREIGN KEY (customer_id, consent) REFERENCES consent (customer_id, number)
);
COMMENT ON TABLE consent_withdrawal IS 'customers: the end of a consent by the customer''s will, with the number of its event; append-only';

GRANT SELECT, INSERT, UPDATE, DELETE ON customer_key TO shouxin_app;
GRANT SELECT, INSERT, DELETE ON identity, phone_directory TO shouxin_app;
GRANT SELECT, INSERT ON personal_data, contact, linked_person, consent, consent_withdrawal TO shouxin_app;
GRANT UPDATE (ended) ON contact, linked_person TO shouxin_app;
