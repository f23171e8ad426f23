-- The rows that the card of sba is fitted on: the data file's columns as the bundle's facts.yaml and derived.yaml read them,
-- under the same names; `{data}` is the file. What became of the loan is for the fit alone, the year for the report.
-- Loans that are guaranteed in full are left out. They are of other programmes: of those of 100,000 dollars and more, lent by
-- development companies, one of 1,244 is charged off in this file, so their losses must be written elsewhere.
SELECT
    loan_nr_chk_dgt,
    mis_status,
    approval_fy, -- reported by, not in the card
    gr_appv AS requested_amount,
    round(sba_appv / gr_appv * 100, 2) AS guarantee_share, -- percent
    NULLIF(no_emp, 0) AS employees, -- 0 says "not stated", here and below
    NULLIF(new_exist, 0) AS business_age,
    NULLIF(CAST(naics AS INTEGER) // 10000, 0) AS sector, -- the first two digits of the industry
    state <> bank_state AS lender_elsewhere
FROM '{data}'
WHERE sba_appv < gr_appv
ORDER BY loan_nr_chk_dgt
