using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>From here on the patient is judged with this configuration and this model.</summary>
/// <param name="Configuration">A fingerprint of the rules and the scoring options.</param>
/// <param name="Model">The version of the model; the empty text for none.</param>
public readonly record struct ConfigurationTookEffect(string Configuration, string Model)
{
    internal void Encode(PayloadWriter writer)
    {
        writer.Text(Configuration);
        writer.Text(Model);
    }

    internal static ConfigurationTookEffect Decode(ref PayloadReader reader) => new(reader.Text(), reader.Text());
}
