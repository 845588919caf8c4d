using System.Text.Json;
using System.Text.RegularExpressions;
using PhysioActors.Shared.Commands;

namespace PhysioActors.Seed.Tests.Repository;

/// <summary>What Kubernetes and Docker Compose start takes signed commands alone, and finds its keys.</summary>
public sealed partial class DeploymentTests
{
    [Fact]
    public void Nodes_on_Kubernetes_are_configured_as_the_program_checks_it_and_read_the_mounted_keys()
    {
        string json = string.Join('\n', Block().Match(RepositoryFiles.Read("k8s/config.yaml")).Groups[1].Value.Split('\n').Select(line => line.Trim()));
        string file = JsonDocument.Parse(json).RootElement.GetProperty("Commands").GetProperty("KeyFile").GetString()!;
        string nodes = RepositoryFiles.Read("k8s/nodes.yaml"), secrets = RepositoryFiles.Read("k8s/secret.example.yaml");
        Assert.Contains($"- name: command-keys\n              mountPath: {Path.GetDirectoryName(file)}\n", nodes, StringComparison.Ordinal);
        string secret = SecretName().Match(nodes).Groups[1].Value;
        Assert.Contains($"  name: {secret}\ntype: Opaque\nstringData:\n  {Path.GetFileName(file)}: |\n", secrets, StringComparison.Ordinal);
        Assert.Contains($"create secret generic {secret} --from-file={Path.GetFileName(file)}\n", RepositoryFiles.Read("k8s/README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_on_Kubernetes_is_one_that_a_node_takes()
    {
        using var host = new TestHost();
        string json = Block().Match(RepositoryFiles.Read("k8s/config.yaml")).Groups[1].Value;
        host.Write("keys", "ward-1:" + Convert.ToBase64String(new byte[CommandKeys.ShortestKey]));
        host.Write("physio.json", json.Replace("/etc/physio-keys/keys", "keys", StringComparison.Ordinal));
        Assert.True(await host.RunAsync("config") == ExitCodes.Ok, host.Error.ToString());
        Assert.Contains("Commands:KeyFile", host.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_are_mounted_are_closed_to_others_and_open_to_the_nodes_group()
    {
        string nodes = RepositoryFiles.Read("k8s/nodes.yaml");
        Assert.Matches(@"secretName: physio-command-keys\n\s+#[^\n]*\n\s+defaultMode: 0440\n", nodes);
        Assert.Equal(User().Match(nodes).Groups[1].Value, Group().Match(nodes).Groups[1].Value);
    }

    [Fact]
    public void The_key_of_the_example_is_none_so_that_nobody_runs_with_it()
    {
        string key = ExampleKey().Match(RepositoryFiles.Read("k8s/secret.example.yaml")).Groups[1].Value;
        Assert.StartsWith("ward-1:", key, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => CommandKeys.Parse(key));
    }

    [Fact]
    public void Docker_Compose_starts_no_node_without_a_key() =>
        Assert.Matches(@"\n  node:\n(?: {4}[^\n]*\n)*? {6}PHYSIO_COMMANDS__KEYS: \$\{PHYSIO_COMMANDS__KEYS:\?", RepositoryFiles.Read("docker-compose.yml"));

    [GeneratedRegex(@"physio\.json: \|\n((?: {4}[^\n]*\n)+)")]
    private static partial Regex Block();

    [GeneratedRegex(@"secretName: (\S+)")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"runAsUser: (\d+)")]
    private static partial Regex User();

    [GeneratedRegex(@"fsGroup: (\d+)")]
    private static partial Regex Group();

    [GeneratedRegex(@"  keys: \|\n    (\S+)\n")]
    private static partial Regex ExampleKey();
}
