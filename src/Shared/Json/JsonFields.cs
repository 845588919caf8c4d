using System.Text.Json;

namespace PhysioActors.Shared.Json;

/// <summary>The fields of a message that a consumer reads, with errors that name the field.</summary>
internal readonly struct JsonFields
{
    private readonly JsonElement _object;
    private readonly string _what;

    public JsonFields(JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"The {what} must be a JSON object.");
        _object = element;
        _what = what;
    }

    /// <summary>Checks that the version is one that the reader knows; a missing one is 1.</summary>
    public void CheckVersion(int newest)
    {
        if (Find("v", JsonValueKind.Number) is { } version && !(version.TryGetInt32(out int number) && number >= 1 && number <= newest))
            throw new InvalidDataException($"The {_what} has version {version.GetRawText()}; this reader knows 1 to {newest}.");
    }

    public string Text(string name) => TextOrNull(name) ?? throw new InvalidDataException($"The {_what} has no field {name}.");

    public string? TextOrNull(string name) => Find(name, JsonValueKind.String)?.GetString();

    public double? Number(string name) => Find(name, JsonValueKind.Number)?.GetDouble();

    public long Whole(string name) => Find(name, JsonValueKind.Number) is { } element && element.TryGetInt64(out long value)
        ? value
        : throw new InvalidDataException($"The {_what} has no whole number {name}.");

    /// <summary>The place of a word in a list of words.</summary>
    public int Word(string name, string[] words)
    {
        string text = Text(name);
        int found = Array.IndexOf(words, text, 1);
        return found > 0 ? found : throw new InvalidDataException($"The {name} '{text}' of the {_what} is none of {string.Join(", ", words.Skip(1))}.");
    }

    /// <summary>The place of a word in a list of words; 0 when it is not there, or none of them: a later version may say more.</summary>
    public int WordOrNone(string name, string[] words) => TextOrNull(name) is { } text ? Math.Max(0, Array.IndexOf(words, text, 1)) : 0;

    /// <summary>True when the field is there and true.</summary>
    public bool Flag(string name) => _object.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.True;

    /// <summary>The elements of an array; none when it is not there.</summary>
    public JsonElement.ArrayEnumerator Items(string name) => Find(name, JsonValueKind.Array) is { } array ? array.EnumerateArray() : default;

    /// <summary>The properties of an object; none when it is not there.</summary>
    public JsonElement.ObjectEnumerator Properties(string name) => Find(name, JsonValueKind.Object) is { } found ? found.EnumerateObject() : default;

    /// <summary>A field that is an object.</summary>
    public JsonFields Object(string name) => new(Find(name, JsonValueKind.Object) ?? throw new InvalidDataException($"The {_what} has no object {name}."), name);

    /// <summary>A field that is an object; null when it is not there.</summary>
    public JsonFields? ObjectOrNull(string name) => Find(name, JsonValueKind.Object) is { } found ? new JsonFields(found, name) : null;

    private JsonElement? Find(string name, JsonValueKind kind)
    {
        if (!_object.TryGetProperty(name, out JsonElement found) || found.ValueKind == JsonValueKind.Null)
            return null;
        return found.ValueKind == kind ? found : throw new InvalidDataException($"The field {name} of the {_what} must be of kind {kind}.");
    }
}
