using System.Globalization;

namespace PhysioActors.Shared.Options;

/// <summary>
/// Takes typed values out of configured texts. Nothing throws until <see cref="Finish"/>, so that all mistakes are told together;
/// a key that no option asked for is a mistake too, because a misspelt limit that is silently ignored is worse than a refused start.
/// </summary>
internal sealed class OptionsReader
{
    private readonly Dictionary<string, OptionEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _problems = [];
    private readonly List<OptionEntry> _effective = [];

    /// <summary>Holds the entries; of two with the same key the later one counts.</summary>
    public OptionsReader(IEnumerable<OptionEntry> entries)
    {
        foreach (OptionEntry entry in entries)
            _entries[entry.Key] = entry;
    }

    /// <summary>Every option that was asked for, with what holds for it and where that was said.</summary>
    public IReadOnlyList<OptionEntry> Effective => _effective;

    public void Problem(string text) => _problems.Add(text);

    /// <summary>Adds a problem with an option's value. The key is shown as it is documented, in whatever case it was given.</summary>
    public void Problem(string key, string allowed)
    {
        if (_entries.TryGetValue(key, out OptionEntry entry))
            _problems.Add($"{key} is '{entry.Value}' ({entry.Source}); it must be {allowed}.");
        else
            _problems.Add($"{key} must be {allowed}.");
    }

    public string Text(string key, string otherwise) => TryTake(key, otherwise, out OptionEntry entry) ? entry.Value.Trim() : otherwise;

    /// <summary>Takes a value that nobody is to see: neither <see cref="Effective"/> nor a problem repeats it. The empty text is none.</summary>
    /// <param name="key">The option.</param>
    /// <param name="otherwise">What holds when nothing is said.</param>
    /// <param name="parse">Reads the value; its <see cref="FormatException"/> must not repeat it either.</param>
    /// <param name="show">What may be shown of it.</param>
    public T Secret<T>(string key, T otherwise, Func<string, T> parse, Func<T, string> show)
    {
        _known.Add(key);
        bool isSaid = _entries.TryGetValue(key, out OptionEntry entry);
        T value = otherwise;
        string shown = "";
        try
        {
            if (isSaid && !string.IsNullOrWhiteSpace(entry.Value))
                shown = show(value = parse(entry.Value));
        }
        catch (FormatException exception)
        {
            _problems.Add($"{key} ({entry.Source}) cannot be used. {exception.Message}");
        }

        _effective.Add(new(key, shown, isSaid ? entry.Source : "standard"));
        return value;
    }

    public int Integer(string key, int otherwise, int least, int most)
    {
        if (!TryTake(key, otherwise, out OptionEntry entry))
            return otherwise;
        if (int.TryParse(entry.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            return value;
        Problem(key, $"a whole number from {least} to {most}");
        return otherwise;
    }

    public double Number(string key, double otherwise, double least, double most)
    {
        if (!TryTake(key, otherwise, out OptionEntry entry))
            return otherwise;
        if (double.TryParse(entry.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most)
            return value;
        Problem(key, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));
        return otherwise;
    }

    public bool Boolean(string key, bool otherwise)
    {
        if (!TryTake(key, otherwise, out OptionEntry entry))
            return otherwise;
        switch (entry.Value.Trim().ToUpperInvariant())
        {
            case "TRUE" or "ON" or "YES":
                return true;
            case "FALSE" or "OFF" or "NO":
                return false;
            default:
                Problem(key, "true or false");
                return otherwise;
        }
    }

    public T Choice<T>(string key, T otherwise)
        where T : struct, Enum
    {
        if (!TryTake(key, otherwise, out OptionEntry entry))
            return otherwise;
        // Enum.TryParse also takes numbers, which are no names.
        if (Enum.TryParse(entry.Value.Trim(), ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsAsciiDigit(entry.Value.Trim()[0]))
            return value;
        Problem(key, "one of " + string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant());
        return otherwise;
    }

    /// <summary>All entries below <paramref name="section"/>, their keys without it. They count as known.</summary>
    public IReadOnlyList<OptionEntry> Section(string section)
    {
        var found = new List<OptionEntry>();
        foreach (OptionEntry entry in _entries.Values)
        {
            if (!entry.Key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase))
                continue;
            _known.Add(entry.Key);
            found.Add(entry with { Key = entry.Key[(section.Length + 1)..] });
        }

        found.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        _effective.AddRange(found.Select(entry => entry with { Key = section + ":" + entry.Key }));
        return found;
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="InvalidOptionsException">Something was wrong.</exception>
    public void Finish()
    {
        foreach (OptionEntry entry in _entries.Values.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (_known.Contains(entry.Key))
                continue;
            string? near = Spelling.Nearest(entry.Key, _known.Where(known => !_entries.ContainsKey(known)));
            _problems.Add($"{entry.Key} ({entry.Source}) is not an option." + (near is null ? "" : $" Did you mean {near}?"));
        }

        if (_problems.Count > 0)
            throw new InvalidOptionsException(_problems);
    }

    private bool TryTake<T>(string key, T otherwise, out OptionEntry entry)
    {
        _known.Add(key);
        bool found = _entries.TryGetValue(key, out entry);
        _effective.Add(found ? entry with { Key = key } : new(key, Standard(otherwise), "standard"));
        return found;
    }

    private static string Standard<T>(T value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return value is bool or Enum ? text.ToLowerInvariant() : text;
    }
}
