using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Training.Workers;

/// <summary>
/// Tells the workers that do not verify and write how worker 0 has ended. Each training of worker 0 begins with a text, so that they also notice if worker 0
/// trains once more than they do.
/// </summary>
internal static class WorkerEnd
{
    private const string Prefix = "end ";

    /// <summary>Tells the other workers, as worker 0, that no training follows.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="exitCode">The exit code of worker 0.</param>
    public static void Tell(IWorkerGroup workers, int exitCode) => workers.Share(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{exitCode}"));

    /// <summary>Waits for worker 0, as another worker.</summary>
    /// <param name="workers">The workers.</param>
    /// <returns>The exit code of worker 0.</returns>
    /// <exception cref="CompressionException">MB1052: worker 0 begins another training, or a worker has ended.</exception>
    public static int Wait(IWorkerGroup workers) =>
        Read(workers.Share("")) ?? throw new CompressionException(Codes.WorkerLost, $"Worker 0 trains once more than worker {workers.Rank}.");

    /// <summary>Returns the exit code of worker 0; null if the text is that with which a training begins.</summary>
    public static int? Read(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) ? int.Parse(text.AsSpan(Prefix.Length), CultureInfo.InvariantCulture) : null;
}
