using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Scoring;
using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Turns options into what patient actors are configured with.</summary>
internal static class ActorSettings
{
    private const string StandardModel = "PhysioActors.Seed.Models.standard.iforest";

    /// <summary>The configuration of the actors.</summary>
    public static ActorConfiguration Configuration(PhysioOptions options)
    {
        var standard = ClinicalRules.Default.ToDictionary(rule => rule.Name);
        ClinicalRule[] rules = [.. options.Rules.Limits.Where(rule => rule.Enabled).Select(rule => standard[rule.Name] with
        {
            Limit = rule.Limit,
            OnsetMs = rule.OnsetSeconds * 1000,
            ClearMs = rule.OnsetSeconds * 1000,
            Hysteresis = rule.Hysteresis,
            UsualSeverity = rule.Severity,
        })];
        NoDataOptions silence = options.Rules.NoData;
        return new(
            rules,
            new Processing.Patients.ScoringOptions(RaiseCount: options.Scoring.PersistenceCount, RaiseWindow: options.Scoring.PersistenceOf),
            new SilenceOptions(silence.AfterSeconds * 1000, silence.AfterIntervals, silence.Severity, silence.Enabled));
    }

    /// <summary>The model: the file that is named, else the standard one that comes with the program.</summary>
    /// <exception cref="CommandFailedException">The file is missing or no model.</exception>
    public static IsolationForest Model(PhysioOptions options)
    {
        string file = options.Scoring.Model;
        try
        {
            using Stream stream = file.Length == 0
                ? typeof(ActorSettings).Assembly.GetManifestResourceStream(StandardModel) ?? throw new InvalidOperationException("The program was built without its standard model.")
                : File.OpenRead(file);
            IsolationForest model = IsolationForest.Load(stream);
            if (!model.FeatureNames.SequenceEqual(FeatureVector.Names.ToArray()))
                throw new InvalidDataException("The model was trained on other features than this program computes.");
            return model;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandFailedException($"The model {(file.Length == 0 ? "of the program" : file)} cannot be used: {exception.Message}", "Scoring:Model names a file made by 'physio train'.", ExitCodes.Usage);
        }
    }
}
