-- Waveform samples, apart from the entries that speak of them: bulky, and needed only until a later snapshot. In parts by the hour of the commit, each dropped as soon as
-- every patient in it has a snapshot that holds what it holds.
CREATE TABLE chunks (
    sequence bigint   NOT NULL,
    hour     integer  NOT NULL,
    slot     smallint NOT NULL,
    patient  text     COLLATE "C" NOT NULL,
    samples  bytea    NOT NULL
) PARTITION BY RANGE (hour);
COMMENT ON TABLE chunks IS 'The waveform samples of journal entries, until a later snapshot holds what came of them.';
COMMENT ON COLUMN chunks.sequence IS 'The journal entry that the samples belong to.';
COMMENT ON COLUMN chunks.hour IS 'Hours since 1970 (UTC, clock of the database) at the commit; names the part.';
COMMENT ON COLUMN chunks.slot IS 'Partitioner hash of the patient key mod 4096.';
COMMENT ON COLUMN chunks.patient IS 'The canonical key, namespace:id.';
COMMENT ON COLUMN chunks.samples IS 'The samples of all waveforms of the entry, as differences; packed already, so stored as they are.';

ALTER TABLE chunks ALTER COLUMN samples SET STORAGE EXTERNAL;

CREATE FUNCTION ensure_chunk_part(of_hour integer) RETURNS void
LANGUAGE plpgsql
SET search_path FROM CURRENT
AS $$
DECLARE
    part text := 'chunks_' || of_hour;
BEGIN
    IF to_regclass(format('%I', part)) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || '.journal parts', 0));
    -- Asked of the table of tables, not of the name cache, which does not know yet what another session made while this one waited.
    IF EXISTS (SELECT FROM pg_class WHERE relname = part AND relnamespace = current_schema()::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE chunks INCLUDING STORAGE, CONSTRAINT of_hour CHECK (hour >= %L AND hour < %L))', part, of_hour, of_hour + 1);
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (patient, sequence)', part || '_entries', part);
    EXECUTE format('ALTER TABLE chunks ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, of_hour, of_hour + 1);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT of_hour', part);
END
$$;
COMMENT ON FUNCTION ensure_chunk_part(integer) IS 'Makes the part of the chunks for an hour unless it is there.';
