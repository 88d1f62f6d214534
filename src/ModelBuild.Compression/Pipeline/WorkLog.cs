namespace ModelBuild.Compression.Pipeline;

/// <summary>Where candidates and trials report what they are, what was counted for them, and what they got.</summary>
/// <param name="lines">Gets the lines in order; null where nobody reads them.</param>
internal sealed class WorkLog(IProgress<WorkLine>? lines)
{
    /// <summary>A log that nobody reads.</summary>
    public static WorkLog Silent { get; } = new(null);

    /// <summary>Reports a step of the work or its result.</summary>
    public void Say(string line) => lines?.Report(new WorkLine(line.ReplaceLineEndings(" ")));

    /// <summary>Reports where a long run is.</summary>
    public void Pass(string words) => lines?.Report(new WorkLine(words, IsPassing: true));
}
