using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Training.Workers;

/// <summary>
/// Sends the exit code of worker 0 to the other workers, which neither verify nor write results. Each training of worker 0 begins with a message as well,
/// so that the other workers detect a training that they do not take part in.
/// </summary>
internal static class WorkerEnd
{
    private const string Prefix = "end ";

    /// <summary>Sends the message of worker 0 that no further training follows, with its exit code.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="exitCode">The exit code of worker 0.</param>
    public static void Tell(IWorkerGroup workers, int exitCode) => workers.Share(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{exitCode}"));

    /// <summary>Waits in another worker for the message of worker 0, and returns its exit code.</summary>
    /// <param name="workers">The workers.</param>
    /// <returns>The exit code of worker 0.</returns>
    /// <exception cref="CompressionException">MB1052: worker 0 begins another training, or a worker has ended.</exception>
    public static int Wait(IWorkerGroup workers) =>
        Read(workers.Share("")) ?? throw new CompressionException(Codes.WorkerLost, $"Worker 0 trains once more than worker {workers.Rank}.");

    /// <summary>Returns the exit code of worker 0; null if the text is that with which a training begins.</summary>
    public static int? Read(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) ? int.Parse(text.AsSpan(Prefix.Length), CultureInfo.InvariantCulture) : null;
}
