using System.Globalization;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Tuning.Claims;

/// <summary>
/// Manages the claims of a study: one file for each task that runs, and for each time that the worker of a task was lost. A claim is stale if its process is
/// known to have ended, or if its file was not written to for the time of the lease by the clock of the file server.
/// </summary>
/// <param name="path">The path of the folder.</param>
/// <param name="lease">The time of the lease.</param>
internal sealed class ClaimFolder(string path, TimeSpan lease)
{
    /// <summary>The number of lost workers after which a task is not run again, because the task itself may end the processes of its workers.</summary>
    public const int MaxLost = 3;

    private readonly ServerClock _clock = new(path);

    /// <summary>Gets whether a worker has claimed a task.</summary>
    public bool HasAny => Files().Any();

    /// <summary>Returns the number of the last claim of each task that has claims.</summary>
    public IReadOnlyDictionary<string, int> LastAttempts()
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (task, attempt) in Files())
            last[task] = Math.Max(attempt, last.GetValueOrDefault(task));
        return last;
    }

    /// <summary>Claims a task for this worker.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="last">
    /// The number of the last claim of the task; 0 if it has no claim. If another worker has claimed the task since, the result is null.
    /// </param>
    /// <param name="isLost">Whether the task has been lost too often, so that nobody may claim it.</param>
    /// <returns>The claim; null if another worker has the task, or if it was lost too often.</returns>
    public HeldClaim? TryTake(string task, int last, out bool isLost)
    {
        isLost = false;
        if (last > 0 && !IsStale(PathOf(task, last)))
            return null;
        isLost = last >= MaxLost;
        return isLost ? null : HeldClaim.TryCreate(PathOf(task, last + 1), last + 1, lease);
    }

    /// <summary>Returns whether a task still belongs to the worker that has claimed it. Another worker claims the task when the claim is stale.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="claim">The claim of the worker.</param>
    public bool IsHeld(string task, HeldClaim claim) => Attempts(task).DefaultIfEmpty().Max() == claim.Attempt;

    /// <summary>Removes the files of the claims of a task that has a result.</summary>
    public void Remove(string task)
    {
        foreach (var attempt in Attempts(task).ToArray())
            AtomicFile.TryDelete(PathOf(task, attempt));
    }

    /// <summary>Returns the tasks with claims that are not stale, with their workers.</summary>
    public IReadOnlyList<(string Task, string Worker)> Living()
    {
        var living = new List<(string Task, string Worker)>();
        foreach (var (task, attempt) in Files().Order())
            if (Read(PathOf(task, attempt)) is { } claim && !IsStale(PathOf(task, attempt)))
                living.Add((task, claim.Worker));
        return living;
    }

    private IEnumerable<int> Attempts(string task) => Files($"{task}.*").Select(file => file.Attempt);

    private IEnumerable<(string Task, int Attempt)> Files(string pattern = "*")
    {
        foreach (var file in Directory.EnumerateFiles(path, pattern))
            if (int.TryParse(Path.GetExtension(file.AsSpan()).TrimStart('.'), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) && attempt > 0)
                yield return (Path.GetFileNameWithoutExtension(file), attempt);
    }

    // Returns whether the file of a claim is stale. A claim that was removed in the meantime is not stale.
    private bool IsStale(string file) =>
        new FileInfo(file) is { Exists: true, LastWriteTimeUtc: var time } && (Read(file) is { HasEnded: true } || _clock.Now - time > lease);

    // Reads a claim; the result is null if the worker has removed the claim, or has not written it yet.
    private static Claim? Read(string file) => SharedFile.TryRead(file) is { } text ? Claim.Read(text) : null;

    private string PathOf(string task, int attempt) => Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{task}.{attempt}"));
}
