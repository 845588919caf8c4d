using PhysioActors.Processing.Scoring;

namespace PhysioActors.Seed.Composition;

/// <summary>Reads the model that scores.</summary>
internal static class ModelFile
{
    private const string Standard = "PhysioActors.Seed.Models.standard.model";

    /// <summary>Loads the configured model, or the one that comes with the program.</summary>
    /// <param name="path">The file; empty for the standard one.</param>
    /// <param name="folder">The folder that the path is relative to.</param>
    /// <exception cref="CommandFailedException">The file is missing, damaged, or a model of other features.</exception>
    public static IsolationForest Load(string path, string folder)
    {
        string name = path.Length == 0 ? "The standard model" : $"The model {path}";
        IsolationForest model;
        try
        {
            using Stream stream = path.Length == 0
                ? typeof(ModelFile).Assembly.GetManifestResourceStream(Standard) ?? throw new FileNotFoundException("it is not in the program")
                : File.OpenRead(Path.GetFullPath(path, folder));
            model = IsolationForest.Load(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandFailedException($"{name} cannot be read: {exception.Message}", "Scoring:Model names a file that 'physio train' wrote; leave it out for the one that comes with the program.", ExitCodes.Usage);
        }

        if (!model.FeatureNames.SequenceEqual(FeatureVector.Names.ToArray()))
            throw new CommandFailedException($"{name} ({model.Version}) was trained on other features than this program computes.", "Train it again with 'physio train'.", ExitCodes.Usage);
        return model;
    }
}
