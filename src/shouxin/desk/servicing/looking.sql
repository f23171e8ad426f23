-- draws_seen: all draws of the customer, newest first, each with the documents that prove what it is for.
SELECT d.loan_id, d.facility_id, d.status, d.amount, d.fee, d.method, d.months, d.rate_ppm, d.purpose, d.merchant_category,
  d.entrusted, d.rail, d.asked, d.ended, d.failure, (
    SELECT coalesce(jsonb_agg(jsonb_build_object('kind', p.kind, 'sha256', encode(p.sha256, 'hex')) ORDER BY p.number), '[]')
    FROM draw_proof AS p WHERE p.customer_id = d.customer_id AND p.loan_id = d.loan_id
  ) AS proof
FROM draw AS d WHERE d.customer_id = %s ORDER BY d.asked DESC, d.loan_id DESC;

-- loans_seen: all loans of the customer, settled ones too, oldest first.
SELECT loan_id, facility_id, product, funders, opened FROM loan WHERE customer_id = %s ORDER BY opened, loan_id;

-- loan_seen: one loan of the customer.
SELECT loan_id, facility_id, product, funders, opened FROM loan WHERE customer_id = %s AND loan_id = %s;

-- events_seen: what happened to the customer and was booked by a day, in the order of booking.
SELECT number, kind, facility_id, loan_id, effective, booked, reason, body FROM event
WHERE customer_id = %s AND booked <= %s ORDER BY number;

-- mandate_seen: since when the customer lets us debit what is due; no row where they do not.
SELECT since FROM mandate WHERE customer_id = %s AND ended IS NULL;
