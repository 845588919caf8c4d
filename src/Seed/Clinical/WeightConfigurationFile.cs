using System.Globalization;
using System.Reflection;
using System.Text.Json;
using PhysioActors.Processing.Weight;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Clinical;

/// <summary>Reads the constants of the weight model from a JSON file, whose names are those of <see cref="WeightConfiguration"/> in camel case. What it leaves out is standard.</summary>
internal static class WeightConfigurationFile
{
    private const int MaximumBytes = 64 << 10;
    private const string Form = "It is one JSON object, as {\"gate\": 3, \"patientScaleDeviation\": 0.45}.";

    private static readonly Dictionary<string, PropertyInfo> s_constants = typeof(WeightConfiguration)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite)
        .ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads and checks the file; the standard constants without one.</summary>
    /// <exception cref="CommandFailedException">The file cannot be read, is not such a JSON, has a key that is none, or a constant is out of its range. The key and its place are told.</exception>
    public static WeightConfiguration Read(string? path, string folder)
    {
        if (path is null)
            return WeightConfiguration.Standard;
        byte[] text = InputFile.Read("--configuration", path, folder, MaximumBytes);
        var configuration = new WeightConfiguration();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            Fill(configuration, text, path, places);
        }
        catch (JsonException exception)
        {
            throw Wrong(path, JsonComplaint.Of(exception), Form);
        }

        try
        {
            configuration.Validate();
        }
        catch (ArgumentException exception) when (exception.ParamName is { } name)
        {
            string said = exception.Message.Split(" (Parameter", 2)[0];
            string key = JsonNamingPolicy.CamelCase.ConvertName(name);
            throw Wrong(path, $"{(places.TryGetValue(name, out string? place) ? place + ": " : "")}{key}{(said.StartsWith(name, StringComparison.Ordinal) ? said[name.Length..] : ": " + said)}", null);
        }

        return configuration;
    }

    private static void Fill(WeightConfiguration configuration, byte[] text, string path, Dictionary<string, string> places)
    {
        ReadOnlySpan<byte> json = text.AsSpan().StartsWith("\uFEFF"u8) ? text.AsSpan(3) : text;
        if (json.Trim(" \t\r\n"u8).IsEmpty)
            throw Wrong(path, "it is empty.", Form);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Wrong(path, $"{Place(json, reader.TokenStartIndex)}: an object was expected.", Form);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!, place = Place(json, reader.TokenStartIndex);
            if (!s_constants.TryGetValue(key, out PropertyInfo? constant))
            {
                string near = Spelling.Nearest(key, s_constants.Keys) is { } meant ? $" Did you mean {meant}?" : "";
                throw Wrong(path, $"{place}: there is no constant '{key}'.{near}", $"The constants are {string.Join(", ", s_constants.Keys)}.");
            }

            if (!places.TryAdd(constant.Name, place))
                throw Wrong(path, $"{place}: '{key}' stands there twice.", null);
            reader.Read();
            constant.SetValue(configuration, Value(ref reader, constant.PropertyType) ?? throw Wrong(path, $"{place}: {key} must be {Allowed(constant.PropertyType)}.", null));
        }

        // Nothing may follow the object; the reader itself complains when something does.
        while (reader.Read())
        {
        }
    }

    /// <summary>The value; null when it is none of that type.</summary>
    private static object? Value(ref Utf8JsonReader reader, Type type)
    {
        if (type == typeof(bool))
            return reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : null;
        if (type == typeof(int))
            return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int whole) ? whole : null;
        // JSON has no number for it, and a gate of Infinity accepts all.
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("Infinity"u8))
            return double.PositiveInfinity;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;
    }

    private static string Allowed(Type type) => type == typeof(bool) ? "true or false" : type == typeof(int) ? "a whole number" : "a number, or \"Infinity\"";

    private static string Place(ReadOnlySpan<byte> json, long index)
    {
        ReadOnlySpan<byte> before = json[..(int)index];
        return JsonComplaint.Place(before.Count((byte)'\n'), index - (before.LastIndexOf((byte)'\n') + 1));
    }

    private static CommandFailedException Wrong(string path, string what, string? hint) =>
        new(string.Create(CultureInfo.InvariantCulture, $"--configuration {path} does not hold constants of the weight model: {what}"), hint ?? "docs/clinical/weight.md says what they mean.", ExitCodes.Usage);
}
