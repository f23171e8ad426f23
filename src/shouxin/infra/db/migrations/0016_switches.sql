-- Approvals before closing (先批后关): close some lines, open another, together or not at all.

CREATE TABLE switch_plan (
  customer_id uuid NOT NULL REFERENCES customer,
  plan_id uuid NOT NULL,
  decision_id uuid NOT NULL,
  closes uuid[] NOT NULL CHECK (cardinality(closes) > 0),
  product text NOT NULL,
  facility_id uuid NOT NULL,
  most bigint NOT NULL CHECK (most > 0),
  rate_ppm integer NOT NULL,
  terms jsonb NOT NULL,
  contract uuid NOT NULL,
  source text NOT NULL CHECK (source IN ('own_money', 'credit_balance')),
  payoff bigint NOT NULL CHECK (payoff >= 0),
  lang text NOT NULL CHECK (lang IN ('zh', 'en')),
  day date NOT NULL,
  expires date NOT NULL,
  status text NOT NULL CHECK (status IN ('approved', 'executed', 'withdrawn')),
  ended date,
  PRIMARY KEY (customer_id, plan_id),
  FOREIGN KEY (customer_id, decision_id) REFERENCES decision,
  CHECK ((ended IS NULL) = (status = 'approved'))
);
COMMENT ON TABLE switch_plan IS
  'origination: a switch that was approved beforehand. facility_id: of the line to be opened; most, rate_ppm, terms: what is '
  'guaranteed until expires; source: where the money to settle comes from; payoff: what there was to settle on the day of approval';

GRANT SELECT, INSERT ON switch_plan TO shouxin_app;
GRANT UPDATE (status, ended) ON switch_plan TO shouxin_app;
