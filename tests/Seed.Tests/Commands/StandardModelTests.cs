using System.Text.Json;
using PhysioActors.Processing.Scoring;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Tests.Clinical;

namespace PhysioActors.Seed.Tests.Commands;

/// <summary>The model that comes with the program is the one that the command in docs/model.md makes.</summary>
public sealed class StandardModelTests
{
    [SharedDataFact("bidmc")]
    public async Task The_standard_model_is_what_the_documented_command_makes_of_the_recordings()
    {
        using var host = new TestHost();
        string recordings = Path.GetDirectoryName(SharedDataFactAttribute.Find("bidmc"))!;
        Assert.Equal(ExitCodes.Ok, await host.RunAsync("train", recordings, "--simulated", "40", "--hours", "8", "--name", "standard", "--out", "made.model", "--json"));
        using JsonDocument report = JsonDocument.Parse(host.Output.ToString());
        Assert.Equal(164_247, report.RootElement.GetProperty("rows").GetInt32());
        Assert.Equal(1838, report.RootElement.GetProperty("patients").GetInt32());
        IsolationForest made = ModelFile.Load("made.model", host.Folder), standard = ModelFile.Load("", host.Folder);
        // Logarithms and exponentials of the simulated patients may differ in their last digit between processors, and with it single rows.
        Assert.Equal(standard.Floor, made.Floor, 0.01);
        Assert.Equal(standard.Ceiling, made.Ceiling, 0.01);
        Assert.Equal(standard.TreeCount, made.TreeCount);
    }
}
