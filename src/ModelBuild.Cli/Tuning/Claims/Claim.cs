using System.Globalization;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Tuning.Claims;

/// <summary>The content of the file by which a worker claims a task.</summary>
/// <param name="Worker">The machine and the process of the worker, for people.</param>
/// <param name="Space">The space of process numbers of the worker.</param>
/// <param name="Process">The number of the worker's process in this space.</param>
internal sealed record Claim(string Worker, string Space, int Process)
{
    /// <summary>Gets the claim of this process.</summary>
    public static Claim OfThisProcess { get; } =
        new(
            string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}"),
            ProcessSpace.OfThisProcess,
            Environment.ProcessId
        );

    /// <summary>Gets whether the process is known to have ended. It is not known of processes elsewhere.</summary>
    public bool HasEnded => Space == ProcessSpace.OfThisProcess && !ProcessSpace.HasProcess(Process);

    /// <summary>Returns the first line of the file. The lines that a worker adds later are empty.</summary>
    public string ToLine() => JsonText.Line(this) + "\n";

    /// <summary>Reads a file; null if its worker has not written it yet.</summary>
    public static Claim? Read(string text) => JsonText.TryRead<Claim>(text.Split('\n')[0]);
}
