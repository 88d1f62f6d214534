namespace ModelBuild.Compression.Training.Workers;

/// <summary>
/// Tells the workers that do not verify and write how worker 0 has ended. Each training of worker 0 begins with a text, so that they also notice if worker 0
/// trains once more than they do.
/// </summary>
internal static class WorkerEnd
{
    private const string Good = "good";
    private const string Failed = "failed";

    /// <summary>Tells the other workers, as worker 0, that no training follows.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="isGood">Whether worker 0 has written the result.</param>
    public static void Tell(IWorkerGroup workers, bool isGood) => workers.Share(isGood ? Good : Failed);

    /// <summary>Waits for worker 0, as another worker.</summary>
    /// <param name="workers">The workers.</param>
    /// <returns>Whether worker 0 has written the result; null if it begins another training.</returns>
    public static bool? Wait(IWorkerGroup workers) =>
        workers.Share("") switch
        {
            Good => true,
            Failed => false,
            _ => null,
        };

    /// <summary>Returns whether a text with which a training begins is the end of worker 0 instead.</summary>
    public static bool Is(string text) => text is Good or Failed;
}
