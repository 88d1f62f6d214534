using System.Text.Json;
using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Tuning.Workers;

/// <summary>Runs workers as an Indexed Job of Kubernetes, which <c>kubectl</c> creates.</summary>
internal sealed class KubernetesWorkers : IWorkers
{
    private readonly KubernetesJob _job;
    private readonly JobLook _look;

    /// <summary>Initializes a new instance of the <see cref="KubernetesWorkers"/> class.</summary>
    /// <param name="job">The job.</param>
    public KubernetesWorkers(KubernetesJob job) => (_job, _look) = (job, new JobLook(IsLeft));

    /// <inheritdoc/>
    public void Start()
    {
        var end = ExternalProgram.Run("kubectl", ["create", "-f", "-"], _job.ToYaml());
        if (end.ExitCode != 0)
            throw new CompressionException(Codes.UnknownOption, $"Kubernetes did not take the job: {end.LastError ?? end.Output}");
        _look.Start();
    }

    /// <inheritdoc/>
    public bool Remain() => _look.Remains();

    /// <inheritdoc/>
    public Exception? Fault => null;

    /// <inheritdoc/>
    public void End() => ExternalProgram.Run("kubectl", ["delete", "job", _job.Name, "--ignore-not-found", "--wait=false"]);

    // Returns whether the job still exists. A job that a user has deleted is not found. If the server does not answer, the job counts as existing, and the next
    // check queries the server again.
    private bool IsLeft()
    {
        var end = ExternalProgram.Run("kubectl", ["get", "job", _job.Name, "-o", "json"]);
        return end.ExitCode == 0 ? !HasEnded(end.Output) : !end.Error.Contains("(NotFound)", StringComparison.Ordinal);
    }

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
