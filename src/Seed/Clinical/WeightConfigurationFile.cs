using System.Text.Json;
using System.Text.Json.Serialization;
using PhysioActors.Processing.Weight;

namespace PhysioActors.Seed.Clinical;

/// <summary>Reads the constants of the weight model from a JSON file, whose names are those of <see cref="WeightConfiguration"/> in camel case. What it leaves out is standard.</summary>
internal static class WeightConfigurationFile
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Reads and checks the file; the standard constants without one.</summary>
    /// <exception cref="CommandFailedException">The file is not such a JSON, or a constant is out of its range.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static WeightConfiguration Read(string? path, string folder)
    {
        if (path is null)
            return WeightConfiguration.Standard;
        try
        {
            WeightConfiguration configuration = JsonSerializer.Deserialize<WeightConfiguration>(File.ReadAllText(Path.GetFullPath(path, folder)), s_json)
                ?? throw new JsonException("it is null");
            configuration.Validate();
            return configuration;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new CommandFailedException($"{path} does not hold constants of the weight model: {exception.Message}", "As in {\"gate\": 3, \"patientScaleDeviation\": 0.45}; docs/clinical/weight.md lists them.", ExitCodes.Usage);
        }
    }
}
