using System.Diagnostics;
using System.Text.Json;
using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Tuning.Workers;

/// <summary>Workers as an Indexed Job of Kubernetes, which <c>kubectl</c> creates.</summary>
/// <param name="job">The job.</param>
internal sealed class KubernetesWorkers(KubernetesJob job) : IWorkers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _sinceLook = new();
    private bool _remain = true;

    /// <inheritdoc/>
    public void Start()
    {
        var end = ExternalProgram.Run("kubectl", ["create", "-f", "-"], job.ToYaml());
        if (end.ExitCode != 0)
            throw new CompressionException(Codes.UnknownOption, $"Kubernetes did not take the job: {end.LastError ?? end.Output}");
        _sinceLook.Start();
    }

    /// <inheritdoc/>
    public bool Remain()
    {
        if (!_remain || _sinceLook.Elapsed < Interval)
            return _remain;
        _sinceLook.Restart();
        // A server that does not answer is asked again.
        var end = ExternalProgram.Run("kubectl", ["get", "job", job.Name, "-o", "json"]);
        _remain = end.ExitCode != 0 || !HasEnded(end.Output);
        return _remain;
    }

    /// <inheritdoc/>
    public Exception? Fault => null;

    /// <inheritdoc/>
    public void End() => ExternalProgram.Run("kubectl", ["delete", "job", job.Name, "--ignore-not-found", "--wait=false"]);

    private static bool HasEnded(string json)
    {
        using var document = TryParse(json);
        return document is not null
            && document.RootElement.TryGetProperty("status", out var status)
            && status.TryGetProperty("conditions", out var conditions)
            && conditions
                .EnumerateArray()
                .Any(condition => condition.GetProperty("status").GetString() == "True" && condition.GetProperty("type").GetString() is "Complete" or "Failed");
    }

    private static JsonDocument? TryParse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
