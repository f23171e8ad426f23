-- What customers applied for, and what became of it, product by product.

CREATE TABLE application (
  customer_id uuid NOT NULL REFERENCES customer,
  application_id uuid NOT NULL,
  decision_id uuid NOT NULL,
  day date NOT NULL,
  principal text NOT NULL,
  lang text NOT NULL CHECK (lang IN ('zh', 'en')),
  PRIMARY KEY (customer_id, application_id),
  FOREIGN KEY (customer_id, decision_id) REFERENCES decision
);
COMMENT ON TABLE application IS 'origination: what a customer applied for at once, and the decision on it; append-only';

CREATE TABLE application_part (
  customer_id uuid NOT NULL,
  application_id uuid NOT NULL,
  product text NOT NULL,
  amount bigint CHECK (amount > 0),
  status text NOT NULL CHECK (status IN ('declined', 'referred', 'contested', 'offered', 'accepted')),
  decided_by text CHECK (decided_by IN ('machine', 'person', 'default')),
  facility_id uuid,
  contract uuid,
  case_id uuid,
  PRIMARY KEY (customer_id, application_id, product),
  FOREIGN KEY (customer_id, application_id) REFERENCES application,
  FOREIGN KEY (customer_id, facility_id) REFERENCES facility,
  CHECK ((decided_by IS NULL) = (status IN ('referred', 'contested'))),
  CHECK ((facility_id IS NULL) = (status NOT IN ('offered', 'accepted')))
);
CREATE UNIQUE INDEX application_part_waiting ON application_part (customer_id, product) WHERE status IN ('referred', 'contested');
CREATE UNIQUE INDEX application_part_facility ON application_part (customer_id, facility_id) WHERE facility_id IS NOT NULL;
COMMENT ON TABLE application_part IS
  'origination: one product of an application. amount: asked for; contract: the document to which the customer says yes; an '
  'offer that nobody took is told by its facility';

GRANT SELECT, INSERT ON application, application_part TO shouxin_app;
GRANT UPDATE (status, decided_by, facility_id, contract, case_id) ON application_part TO shouxin_app;
