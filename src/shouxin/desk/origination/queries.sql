-- application_added: what a customer applied for.
INSERT INTO application (customer_id, application_id, decision_id, day, principal, lang) VALUES (%s, %s, %s, %s, %s, %s);

-- part_added: one product of an application.
INSERT INTO application_part (customer_id, application_id, product, amount, status, decided_by, facility_id, contract, case_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s);

-- part_changed: what became of one product.
UPDATE application_part SET status = %s, decided_by = %s, facility_id = %s, contract = %s, case_id = %s
WHERE customer_id = %s AND application_id = %s AND product = %s;

-- waiting: products of a customer that wait for a person.
SELECT product FROM application_part WHERE customer_id = %s AND status IN ('referred', 'contested');

-- part_of_facility: the part under which a facility was offered, with its application.
SELECT a.application_id, a.decision_id, a.day, a.principal, a.lang, p.product, p.amount, p.status, p.decided_by, p.facility_id,
  p.contract, p.case_id
FROM application_part AS p
JOIN application AS a ON a.customer_id = p.customer_id AND a.application_id = p.application_id
WHERE p.customer_id = %s AND p.facility_id = %s;

-- parts_of: a customer's applications, part by part, the oldest first.
SELECT a.application_id, a.decision_id, a.day, a.principal, a.lang, p.product, p.amount, p.status, p.decided_by, p.facility_id,
  p.contract, p.case_id
FROM application AS a
JOIN application_part AS p ON p.customer_id = a.customer_id AND p.application_id = a.application_id
WHERE a.customer_id = %s ORDER BY a.day, a.application_id, p.product;

-- plan_added: a switch that was approved.
INSERT INTO switch_plan (customer_id, plan_id, decision_id, closes, product, facility_id, most, rate_ppm, terms, contract, source,
  payoff, lang, day, expires, status)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'approved');

-- plans_of: a customer's switches, the oldest first.
SELECT plan_id, decision_id, closes, product, facility_id, most, rate_ppm, terms, contract, source, payoff, lang, day, expires,
  status, ended
FROM switch_plan WHERE customer_id = %s ORDER BY day, plan_id;

-- plans_over: switches that can still be found approved though their days were over before a day.
SELECT customer_id, plan_id FROM switch_plan WHERE status = 'approved' AND expires < %s
ORDER BY expires, customer_id, plan_id LIMIT %s;

-- plan_ended: what became of a switch.
UPDATE switch_plan SET status = %s, ended = %s WHERE customer_id = %s AND plan_id = %s;
