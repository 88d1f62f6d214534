using System.Globalization;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Tuning.Claims;

/// <summary>Represents the content of the file by which a worker claims a task.</summary>
/// <param name="Worker">The machine and the process of the worker, for messages.</param>
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

    /// <summary>
    /// Gets whether the process of the claim is known to have ended. For a process on another machine or in another container this is not known.
    /// </summary>
    public bool HasEnded => Space == ProcessSpace.OfThisProcess && !ProcessSpace.HasProcess(Process);

    /// <summary>Returns the first line of the file of the claim. The lines that a worker adds later are empty.</summary>
    public string ToLine() => JsonText.Line(this) + "\n";

    /// <summary>Reads the text of a file of a claim; null if its worker has not written the text yet.</summary>
    public static Claim? Read(string text) => JsonText.TryRead<Claim>(text.Split('\n')[0]);
}
