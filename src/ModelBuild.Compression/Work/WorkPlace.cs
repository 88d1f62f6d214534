namespace ModelBuild.Compression.Work;

/// <summary>The position of the work on a model: the candidate, its part and its trial.</summary>
/// <param name="Part">The current part: a step of the recipe, or the work before or after the steps.</param>
internal sealed record WorkPlace(string Part)
{
    /// <summary>The number of the candidate recipe, from 1; 0 before the first.</summary>
    public int Candidate { get; init; }

    /// <summary>The largest possible number of candidates.</summary>
    public int Candidates { get; init; }

    /// <summary>The number of the part in the candidate, from 1; 0 when the part belongs to no candidate.</summary>
    public int Number { get; init; }

    /// <summary>The number of parts of the candidate.</summary>
    public int Count { get; init; }

    /// <summary>The current trial inside the part, such as <c>combination 2 of 6</c>; empty when there is none.</summary>
    public string Trial { get; init; } = "";

    /// <summary>A shorter text of <see cref="Trial"/> for narrow lines; empty when there is none.</summary>
    public string ShortTrial { get; init; } = "";

    /// <summary>The share of the trial that is done, between 0 and 1; null when it is not known.</summary>
    public double? Done { get; init; }

    /// <summary>The best SQNR of the candidate's trials so far in dB; null before the first.</summary>
    public double? BestDb { get; init; }

    /// <summary>The remaining parts of the candidate.</summary>
    public IReadOnlyList<string> Left { get; init; } = [];
}
