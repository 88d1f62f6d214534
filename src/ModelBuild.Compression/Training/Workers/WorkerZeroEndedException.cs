namespace ModelBuild.Compression.Training.Workers;

/// <summary>Indicates that worker 0 has ended before a training that other workers begin. Worker 0 has reported the reason.</summary>
/// <param name="exitCode">The exit code of worker 0.</param>
internal sealed class WorkerZeroEndedException(int exitCode) : Exception("Worker 0 has ended.")
{
    /// <summary>The exit code of worker 0.</summary>
    public int ExitCode => exitCode;
}
