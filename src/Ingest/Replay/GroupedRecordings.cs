namespace PhysioActors.Ingest.Replay;

/// <summary>The recordings of a table that holds many, told apart by the text of a column, in the order in which they first occur.</summary>
internal sealed class GroupedRecordings
{
    private readonly List<RecordingBuilder> _inOrder = [];
    private readonly Dictionary<string, RecordingBuilder> _byGroup = new(StringComparer.Ordinal);

    /// <summary>The recording of a group, made by <paramref name="create"/> when it is new.</summary>
    public RecordingBuilder Find(ReadOnlySpan<char> group, Func<string, RecordingBuilder> create)
    {
        Dictionary<string, RecordingBuilder>.AlternateLookup<ReadOnlySpan<char>> lookup = _byGroup.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(group, out RecordingBuilder? known))
            return known;
        string name = group.ToString();
        RecordingBuilder created = create(name);
        _byGroup.Add(name, created);
        _inOrder.Add(created);
        return created;
    }

    /// <summary>All recordings that have a value.</summary>
    public List<Recording> Build()
    {
        List<Recording> built = [];
        foreach (RecordingBuilder builder in _inOrder)
        {
            if (builder.Build() is { } recording)
                built.Add(recording);
        }

        return built;
    }
}
