-- The journal of one cluster, all in one schema (the search path is set to it while this runs).

-- Which inbound log the offsets in "shards" belong to. Exactly one row, made when the first incarnation begins.
CREATE TABLE log (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    incarnation text    NOT NULL,
    partitions  integer NOT NULL CHECK (partitions > 0 AND 4096 % partitions = 0),
    generation  integer NOT NULL CHECK (generation > 0)
);
COMMENT ON TABLE log IS 'The inbound log that all offsets belong to; one row.';
COMMENT ON COLUMN log.incarnation IS 'Names one life of the log: a broker that lost its data is another incarnation.';
COMMENT ON COLUMN log.partitions IS 'Partitions of the inbound topic; shard = slot mod partitions.';
COMMENT ON COLUMN log.generation IS 'The numbering of the shards that is in force.';

-- One row per shard that was ever owned. Every commit updates its shard's row: half-empty pages keep these updates inside the page (HOT), and the few pages are vacuumed often.
CREATE TABLE shards (
    generation      integer     NOT NULL,
    shard           integer     NOT NULL,
    epoch           bigint      NOT NULL,
    next_offset     bigint      NOT NULL DEFAULT 0 CHECK (next_offset >= 0),
    outbox_sequence bigint      NOT NULL DEFAULT 0,
    published       bigint      NOT NULL DEFAULT 0,
    log_time_ms     bigint      NOT NULL DEFAULT 0,
    folded          bigint      NOT NULL DEFAULT 0,
    duplicates      bigint      NOT NULL DEFAULT 0,
    late            bigint      NOT NULL DEFAULT 0,
    dead_letters    bigint      NOT NULL DEFAULT 0,
    ticks           bigint      NOT NULL DEFAULT 0,
    commands        bigint      NOT NULL DEFAULT 0,
    anomaly_events  bigint      NOT NULL DEFAULT 0,
    owner           text        NOT NULL,
    taken_at        timestamptz NOT NULL,
    PRIMARY KEY (generation, shard),
    CONSTRAINT published_is_decided CHECK (published <= outbox_sequence)
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000);
COMMENT ON TABLE shards IS 'How far each shard is, and who may write it.';
COMMENT ON COLUMN shards.epoch IS 'The fencing token: raised by every takeover; a commit must name the current one.';
COMMENT ON COLUMN shards.next_offset IS 'The first record of the partition that is not yet handled; a commit must start there.';
COMMENT ON COLUMN shards.outbox_sequence IS 'The newest outbox row ever written.';
COMMENT ON COLUMN shards.published IS 'All outbox rows up to here are on their topics and removed.';
COMMENT ON COLUMN shards.log_time_ms IS 'The newest timestamp of a tick handled.';
COMMENT ON COLUMN shards.owner IS 'The node that took the shard over last; for people.';

-- All entries, in parts by the day of their commit. The parts are made by ensure_part; each has its own unique index (patient, sequence).
-- There is no index here: a key over all parts would have to hold the day, and would not make (patient, sequence) unique.
-- The columns stand widest first, so that no byte of a row is padding.
CREATE TABLE journal (
    sequence bigint   NOT NULL,
    day      date     NOT NULL,
    slot     smallint NOT NULL,
    patient  text     COLLATE "C" NOT NULL,
    payload  bytea    NOT NULL
) PARTITION BY RANGE (day);
COMMENT ON TABLE journal IS 'What patient actors decided: one row per message and patient, append-only.';
COMMENT ON COLUMN journal.day IS 'The day (UTC, clock of the database) of the commit; names the part.';
COMMENT ON COLUMN journal.sequence IS '1, 2, 3, ... per patient, without a gap.';
COMMENT ON COLUMN journal.slot IS 'Partitioner hash of the patient key mod 4096.';
COMMENT ON COLUMN journal.patient IS 'The canonical key, namespace:id.';
COMMENT ON COLUMN journal.payload IS 'The events in the binary form of the patient actor; 40 to 120 bytes as a rule, far below what is stored out of line.';

-- Snapshots of 2 to 20 KB lie out of line, so that the rows themselves stay small and marking a patient active rewrites no snapshot.
CREATE TABLE patients (
    patient           text     COLLATE "C" PRIMARY KEY,
    slot              smallint NOT NULL,
    active            boolean  NOT NULL,
    snapshot_day      date,
    snapshot_sequence bigint   NOT NULL DEFAULT 0,
    deadline_ms       bigint,
    snapshot          bytea
) WITH (fillfactor = 80);
COMMENT ON TABLE patients IS 'Every patient ever seen, with the latest snapshot.';
COMMENT ON COLUMN patients.active IS 'True when the actor was in memory at the last commit that told.';
COMMENT ON COLUMN patients.snapshot_day IS 'The day of the commit that stored the snapshot: later entries are in that part or later ones.';
COMMENT ON COLUMN patients.snapshot_sequence IS 'The last entry that is in the snapshot; 0 without one.';
COMMENT ON COLUMN patients.deadline_ms IS 'When, in log time, a passivated patient must be woken; null when never.';

-- Those that the owner of a shard must watch. Few beside all patients ever seen.
CREATE INDEX patients_watched ON patients (slot) WHERE active OR deadline_ms IS NOT NULL;

-- lz4 halves most snapshots for little time; pglz costs more than it saves, so without lz4 they are stored as they are.
DO $$
BEGIN
    ALTER TABLE patients ALTER COLUMN snapshot SET COMPRESSION lz4;
    ALTER TABLE journal ALTER COLUMN payload SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    ALTER TABLE patients ALTER COLUMN snapshot SET STORAGE EXTERNAL;
    ALTER TABLE journal ALTER COLUMN payload SET STORAGE EXTERNAL;
END
$$;

-- Messages decided and not yet known to be on their topics. Rows come and go all day.
CREATE TABLE outbox (
    generation integer  NOT NULL,
    shard      integer  NOT NULL,
    sequence   bigint   NOT NULL,
    kind       smallint NOT NULL,
    key        bytea    NOT NULL,
    value      bytea    NOT NULL,
    headers    bytea    NOT NULL,
    PRIMARY KEY (generation, shard, sequence)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE outbox IS 'Messages that were decided and are to be published, by shard in gapless order.';
COMMENT ON COLUMN outbox.kind IS '1 the anomaly topic, 2 the dead-letter topic.';

CREATE TABLE losses (
    loss         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    generation   integer     NOT NULL,
    shard        integer     NOT NULL,
    epoch        bigint      NOT NULL,
    wanted       bigint      NOT NULL,
    first        bigint      NOT NULL,
    incarnation  text        NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (first > wanted)
);
COMMENT ON TABLE losses IS 'Records that the inbound log no longer had when they were to be read: offsets wanted to first - 1.';

-- Makes the part of a day unless it is there. The part is built apart and then attached, which lets others read and write the table meanwhile (creating it in place would lock them out);
-- the advisory lock lets one of several nodes do it.
CREATE FUNCTION ensure_part(of_day date) RETURNS void
LANGUAGE plpgsql
SET search_path FROM CURRENT
AS $$
DECLARE
    part text := 'journal_' || to_char(of_day, 'YYYYMMDD');
BEGIN
    IF to_regclass(format('%I', part)) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || '.journal parts', 0));
    -- Asked of the table of tables, not of the name cache, which does not know yet what another session made while this one waited.
    IF EXISTS (SELECT FROM pg_class WHERE relname = part AND relnamespace = current_schema()::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE journal INCLUDING COMPRESSION INCLUDING STORAGE, CONSTRAINT of_day CHECK (day >= %L AND day < %L))', part, of_day, of_day + 1);
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (patient, sequence)', part || '_entries', part);
    EXECUTE format('ALTER TABLE journal ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, of_day, of_day + 1);
    -- The partition bound says the same; as a second check it would only cost time with every row.
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT of_day', part);
END
$$;
COMMENT ON FUNCTION ensure_part(date) IS 'Makes the part of the journal for a day unless it is there.';
