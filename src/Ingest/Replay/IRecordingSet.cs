namespace PhysioActors.Ingest.Replay;

/// <summary>A form that recordings come in: knows such a folder, or a file of one, when it sees it, and reads it.</summary>
public interface IRecordingSet
{
    /// <summary>The usual name of the folder.</summary>
    string Name { get; }

    /// <summary>Which files make a folder one of this form, in words for a person.</summary>
    string Form { get; }

    /// <summary>Whether <paramref name="place"/> has files of this form. Looks at names and first lines only.</summary>
    bool Matches(RecordingPlace place);

    /// <summary>
    /// Reads the recordings of <paramref name="place"/> one after the other, in an order that depends on names and contents alone.
    /// What cannot be used is counted in <paramref name="report"/>; a bad row or file does not end the reading.
    /// </summary>
    /// <exception cref="IOException">The folder or a file in it cannot be read.</exception>
    IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report);
}
