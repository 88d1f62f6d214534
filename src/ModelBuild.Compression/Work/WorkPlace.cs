namespace ModelBuild.Compression.Work;

/// <summary>Where the work on a model is.</summary>
/// <param name="Part">The part that runs: a step of the recipe, or what comes before and after them.</param>
public sealed record WorkPlace(string Part)
{
    /// <summary>The number of the candidate recipe, from 1; 0 before the first.</summary>
    public int Candidate { get; init; }

    /// <summary>How many candidates there are at most.</summary>
    public int Candidates { get; init; }

    /// <summary>The number of the part among those of the candidate, from 1; 0 where the part belongs to no candidate.</summary>
    public int Number { get; init; }

    /// <summary>How many parts the candidate has.</summary>
    public int Count { get; init; }

    /// <summary>The trial that runs inside the part, such as <c>combination 2 of 6</c>; empty where there is none.</summary>
    public string Trial { get; init; } = "";

    /// <summary>What the best trial of the candidate got so far, in dB; null before the first.</summary>
    public double? BestDb { get; init; }

    /// <summary>The parts of the candidate that follow.</summary>
    public IReadOnlyList<string> Left { get; init; } = [];
}
