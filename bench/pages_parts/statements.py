"""A customer book of any size, made by a dozen statements. The same numbers make the same book.

`pg_temp.luck(n, kind)` is a number in [0, 1) and `pg_temp.id(kind, n)` a version 7 UUID; both
depend on their arguments and the workspace alone. Placeholders: size, today, workspace, staff.
"""

TOOLS = """
CREATE OR REPLACE FUNCTION pg_temp.luck(n bigint, kind int) RETURNS float8 IMMUTABLE LANGUAGE sql
AS $$ SELECT ((hashint8extended(n, kind) & 1048575) / 1048576.0)::float8 $$;
CREATE OR REPLACE FUNCTION pg_temp.id(kind text, n bigint, place uuid) RETURNS uuid IMMUTABLE
LANGUAGE sql AS $$ SELECT (lpad(to_hex(1750000000000 + n), 12, '0') || '7'
    || substr(md5(place || kind || n), 1, 3) || '8' || substr(md5(place || kind || n), 4, 15))::uuid
$$;
"""

# A twentieth is high touch, a seventh low touch: these have owners, a hundred customers each. The
# pooled rest has none. Names repeat 1,200 times a hundred thousand, told apart by a number.
CUSTOMERS = """
CREATE TEMP TABLE made AS SELECT n, pg_temp.id('customer', n, %(workspace)s) AS id,
    CASE WHEN pg_temp.luck(n, 1) < 0.05 THEN 'high' WHEN pg_temp.luck(n, 1) < 0.2 THEN 'low'
        ELSE 'tech' END AS tier,
    1 + (pg_temp.luck(n, 2) * 84)::int AS word,
    %(today)s - (30 + power(pg_temp.luck(n, 3), 2) * 2500)::int AS start_on,
    pg_temp.luck(n, 4) AS fate
FROM generate_series(1, %(size)s) AS n;
INSERT INTO customers_customer (id, workspace_id, source, source_id, external_id, created_at, name,
    name_reading, name_sort, name_folded, domain, industry, country, employees, tier, stage,
    stage_since, goals, since, last_contact_on, currency, attributes, main_owner_id, sub_owner_id)
SELECT id, %(workspace)s, '', '', 'C' || n, start_on, '株式会社' || (%(names)s::text[])[word] || n,
    (%(kana)s::text[])[word] || n, (%(kana)s::text[])[word] || n || E'\t' || (%(kana)s::text[])[word] || n,
    (%(names)s::text[])[word] || n || ' ' || (%(kana)s::text[])[word] || n, 'c' || n || '.example',
    (ARRAY['製造', '小売', '金融', '医療', '教育', '物流'])[1 + n %% 6], 'JP', 10 + n %% 3000, tier,
    CASE WHEN fate < 0.06 THEN 'churned' WHEN fate < 0.1 THEN 'trial'
        WHEN start_on > %(today)s - 90 THEN 'onboarding' WHEN fate < 0.5 THEN 'adoption'
        ELSE 'established' END,
    start_on, '', start_on,
    CASE WHEN tier <> 'tech' THEN %(today)s - (power(pg_temp.luck(n, 6), 2) * 200)::int END, 'JPY',
    '{}',
    CASE WHEN tier <> 'tech' THEN (%(staff)s::uuid[])[1 + (pg_temp.luck(n, 7) * %(staffed)s)::int] END,
    CASE WHEN tier = 'high' THEN (%(staff)s::uuid[])[1 + (pg_temp.luck(n, 8) * %(staffed)s)::int] END
FROM made;
INSERT INTO customers_stagechange (workspace_id, customer_id, stage, entered_on, recorded_at)
SELECT workspace_id, id, stage, stage_since, created_at FROM customers_customer
WHERE workspace_id = %(workspace)s;
INSERT INTO customers_contact (id, workspace_id, customer_id, source, source_id, external_id,
    created_at, name, name_reading, name_folded, email, phone, department, title, roles, presence)
SELECT pg_temp.id('contact', n * 4 + c, %(workspace)s), %(workspace)s, id, '', '', '', start_on,
    name, reading, replace(name || ' ' || reading, '　', ''), 'p' || n || '.' || c || '@example.jp',
    '', '営業部', '部長',
    CASE WHEN c = 0 AND pg_temp.luck(n, 9) < 0.7 THEN ARRAY['champion'] ELSE ARRAY[]::text[] END,
    'here'
FROM made, generate_series(0, 3) c,
LATERAL (SELECT (%(families)s::text[])[1 + (n * 7 + c) %% 20] || (n * 4 + c) AS name,
    (%(readings)s::text[])[1 + (n * 7 + c) %% 20] || (n * 4 + c) AS reading) AS one
WHERE c <= n %% 4;
"""

# One contract each, renewed every year up to now; one in twelve has a second. Six in a hundred
# have ended, four are on trial, one in ten is open-ended. Notices: three in a hundred.
CONTRACTS = """
CREATE TEMP TABLE signed AS SELECT made.*, k, pg_temp.id('contract', n * 2 + k, %(workspace)s) AS own,
    CASE WHEN fate < 0.06 THEN 'ended' WHEN fate < 0.1 THEN 'trial'
        WHEN pg_temp.luck(n, 10) < 0.1 THEN 'open' ELSE 'term' END AS form,
    (CASE tier WHEN 'high' THEN 12000000 WHEN 'low' THEN 3000000 ELSE 400000 END
        * (0.3 + power(pg_temp.luck(n, 11), 3) * 3))::bigint / 12 * 12 AS amount,
    GREATEST((%(today)s - start_on) / 365, 0) AS years
FROM made, generate_series(0, 1) k WHERE k = 0 OR n %% 12 = 0;
CREATE INDEX ON signed (id);
INSERT INTO customers_contract (id, workspace_id, customer_id, product_id, source, source_id,
    external_id, created_at, start_on, end_on, notice_on, amount, term_months, currency, seats,
    auto_renew, is_trial, billing)
SELECT own, %(workspace)s, id, %(product)s, '', '', '', start_on, start_on,
    CASE form WHEN 'open' THEN NULL WHEN 'ended' THEN start_on + 25
        WHEN 'trial' THEN %(today)s + 5 + n::int %% 20 ELSE start_on + 365 * (years + 1) END,
    CASE form WHEN 'term' THEN start_on + 365 * (years + 1) - 30 END,
    CASE form WHEN 'trial' THEN 0 ELSE amount END, 12, 'JPY', 5 + n %% 95, true, form = 'trial', ''
FROM signed;
INSERT INTO customers_contractchange (workspace_id, contract_id, customer_id, product_id, kind,
    effective_on, covers_until, notice_on, quantity, amount, term_months, mrr, currency, is_trial,
    recorded_at)
SELECT %(workspace)s, own, id, %(product)s, CASE y WHEN 0 THEN 'new' ELSE 'renewal' END,
    start_on + 365 * y,
    CASE form WHEN 'open' THEN NULL WHEN 'trial' THEN %(today)s + 5 + n::int %% 20
        ELSE start_on + 365 * (y + 1) END,
    CASE form WHEN 'term' THEN start_on + 365 * (y + 1) - 30 END, 5 + n %% 95, amount, 12,
    amount / 12.0, 'JPY', form = 'trial', start_on + 365 * y
FROM signed, LATERAL generate_series(0, CASE form WHEN 'term' THEN years ELSE 0 END) y
ORDER BY own, y;
INSERT INTO customers_contractchange (workspace_id, contract_id, customer_id, product_id, kind,
    effective_on, covers_until, amount, term_months, mrr, currency, is_trial, recorded_at)
SELECT %(workspace)s, own, id, %(product)s, 'end', start_on + 25, start_on + 25, 0, 1, 0, 'JPY',
    false, start_on + 20
FROM signed WHERE form = 'ended';
INSERT INTO customers_cancellationnotice (id, workspace_id, customer_id, external_id, noticed_on,
    effective_on, reason, detail, attributes, recorded_at)
SELECT pg_temp.id('notice', n, %(workspace)s), %(workspace)s, id, '', %(today)s - 10,
    %(today)s + 60, 'price', '', '{}', %(today)s - 10
FROM made WHERE fate BETWEEN 0.1 AND 0.13;
"""

# Usage: a sixth of the book sends much, the others little, one in ten nothing.
LIFE = """
INSERT INTO usage_dailyusage (workspace_id, customer_id, day, feature, person_key, events, seconds,
    errors)
SELECT %(workspace)s, id, %(today)s - 1 - d, 'feature_' || (n + d) %% 9, 'p' || d %% 4,
    5 + (n * d) %% 30, 60, 0
FROM made, LATERAL generate_series(0, CASE WHEN n %% 6 = 0 THEN 60 WHEN n %% 10 = 1 THEN -1
    ELSE 5 END) d;
INSERT INTO core_event (workspace_id, name, subject_type, subject_id, customer_id, at, facts)
SELECT %(workspace)s, name, 'customers.customer', id, id, start_on + e::int, '{"stage": "onboarding"}'
FROM made, unnest(ARRAY['customers.customer_created', 'work.task_opened', 'work.task_finished',
    'health.alert_closed', 'work.task_opened', 'work.task_finished']) WITH ORDINALITY AS t(name, e);
INSERT INTO work_task (id, workspace_id, customer_id, title, note, code, params, origin, source,
    source_id, external_id, due_on, done_at, created_at, owner_id)
SELECT pg_temp.id('task', n, %(workspace)s), %(workspace)s, id, '次の打ち合わせを決める', '', '', '{}', '',
    '', '', '',
    %(today)s - 5 + n::int %% 40, CASE WHEN n %% 3 <> 0 THEN now() END, %(today)s - 20,
    (SELECT main_owner_id FROM customers_customer one WHERE one.id = made.id)
FROM made WHERE tier <> 'tech';
INSERT INTO work_calltoaction (id, workspace_id, customer_id, kind, since, note, closed_on, outcome,
    created_at)
SELECT pg_temp.id('call', n, %(workspace)s), %(workspace)s, id, 'complaint', %(today)s - 7, '',
    CASE WHEN n %% 2 = 0 THEN %(today)s - 1 END, '', now()
FROM made WHERE n %% 25 = 0;
INSERT INTO procrastinate_jobs (queue_name, task_name, status)
SELECT 'live', 'bench.done', CASE WHEN n %% 1000 = 0 THEN 'failed' ELSE 'succeeded' END
    ::procrastinate_job_status FROM made;
"""

# Ten notes each, of the last two years, with somebody of theirs; those with an owner, of ours too.
ACTIVITIES = """
INSERT INTO work_activity (id, workspace_id, customer_id, kind, happened_at, title, body, decisions,
    mood, folded, written_by_id, created_at, source, source_id, external_id)
SELECT pg_temp.id('activity', n * 10 + a, %(workspace)s), %(workspace)s, made.id,
    (ARRAY['call', 'visit', 'meeting', 'mail', 'memo'])[1 + (n + a) %% 5], at, title, body, '',
    (ARRAY['', '', 'good', 'neutral', 'bad'])[1 + (n * 3 + a) %% 5], title || ' ' || body,
    owner.main_owner_id, at, '', '', ''
FROM made JOIN customers_customer owner ON owner.id = made.id, generate_series(0, 9) a,
LATERAL (SELECT %(today)s - (power(pg_temp.luck(n * 10 + a, 40), 2) * 700)::int AS at,
    (ARRAY['定例会', '利用状況の確認', '更新の相談', '障害のおわび', '新機能の紹介'])[1 + (n * a) %% 5] AS title,
    (ARRAY['先方の体制が変わった。', '活用は進んでいる。', '費用を見直したいとのこと。'])[1 + (n + a) %% 3]
        || '次回は' || (1 + a) || '月に打ち合わせる。' AS body) AS told;
INSERT INTO work_attendee (workspace_id, activity_id, contact_id)
SELECT %(workspace)s, pg_temp.id('activity', n * 10 + a, %(workspace)s),
    pg_temp.id('contact', n * 4, %(workspace)s)
FROM made, generate_series(0, 9) a;
INSERT INTO work_attendee (workspace_id, activity_id, member_id)
SELECT %(workspace)s, id, written_by_id FROM work_activity
WHERE workspace_id = %(workspace)s AND written_by_id IS NOT NULL
"""

# One member in five came in the last two months; as many have left meanwhile.
MOVES = """
INSERT INTO customers_segmentmove (workspace_id, segment_id, customer_id, entered, cause, changed,
    "on", at)
SELECT workspace_id, segment_id, customer_id, true, 'values', '[]', %(today)s - id::int %% 60,
    %(today)s - id::int %% 60
FROM customers_segmentmember WHERE workspace_id = %(workspace)s AND id %% 5 = 0;
INSERT INTO customers_segmentmove (workspace_id, segment_id, customer_id, entered, cause, changed,
    "on", at)
SELECT %(workspace)s, segment.id, made.id, false, 'values', segment.conditions,
    %(today)s - (n %% 60)::int, %(today)s - (n %% 60)::int
FROM made JOIN customers_segment segment ON segment.workspace_id = %(workspace)s
WHERE made.n %% 100 = 1
"""

# What some customers were scored is said of all others too, as of today and a week ago.
SCORES = """
CREATE TEMP TABLE sample AS SELECT row_number() OVER (ORDER BY customer_id) - 1 AS place, score.*
FROM health_score score WHERE workspace_id = %(workspace)s AND day = %(today)s;
CREATE INDEX ON sample (place);
ANALYZE made;
ANALYZE signed;
ANALYZE sample;
INSERT INTO health_score (workspace_id, customer_id, day, scorecard, version, score, band,
    measures_known, measures_all, coverage, ceiling, measures, reason, mrr, deadline_on,
    deadline_kind, priority)
SELECT %(workspace)s, made.id, %(today)s - back, s.scorecard, s.version, now.score,
    CASE WHEN now.score IS NULL THEN 'withheld' WHEN now.score < 50 THEN 'danger'
        WHEN now.score < 70 THEN 'watch' ELSE 'healthy' END,
    s.measures_known, s.measures_all, s.coverage, s.ceiling, s.measures, s.reason, c.amount / 12.0,
    c.end_on, 'renewal', COALESCE(100 - now.score, 50) / 100 * (c.amount / 12.0 + 1) * p.luck
FROM made JOIN sample s ON s.place = made.n %% (SELECT count(*) FROM sample)
JOIN signed ON signed.id = made.id AND signed.k = 0
JOIN customers_contract c ON c.id = signed.own
CROSS JOIN (VALUES (0), (1), (7)) AS days(back)
CROSS JOIN LATERAL (SELECT pg_temp.luck(made.n, 20 + back) AS luck) AS p
CROSS JOIN LATERAL (SELECT LEAST(GREATEST(round((s.score - 10 + pg_temp.luck(made.n, 30) * 20
    + CASE WHEN p.luck < 0.1 THEN -12 WHEN p.luck > 0.95 THEN 9 ELSE 0 END)::numeric, 1), 0), 100)
    AS score) AS now
WHERE made.fate >= 0.06
ON CONFLICT DO NOTHING;
ANALYZE health_score;
INSERT INTO health_score (workspace_id, customer_id, day, scorecard, version, score, band,
    measures_known, measures_all, coverage, ceiling, measures, reason, mrr, deadline_on,
    deadline_kind, priority)
SELECT workspace_id, customer_id, day - d, scorecard, version, score, band, measures_known,
    measures_all, coverage, ceiling, measures, reason, mrr, deadline_on, deadline_kind, priority
FROM health_score, generate_series(8, 90) d
WHERE workspace_id = %(workspace)s AND day = %(today)s
    AND customer_id IN (SELECT id FROM made WHERE n <= 200)
ON CONFLICT DO NOTHING;
INSERT INTO health_alert (id, workspace_id, customer_id, opened_on, to_score, band, reason)
SELECT pg_temp.id('alert', n, %(workspace)s), %(workspace)s, id, %(today)s - 3, 40, 'danger', '{}'
FROM made WHERE fate BETWEEN 0.2 AND 0.22;
"""
FORGET = "DROP TABLE made, signed, sample"
