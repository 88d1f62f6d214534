namespace ModelBuild.Compression.Work;

/// <summary>Where candidates and trials report what they are, what was counted for them, and what they got.</summary>
/// <param name="lines">Gets the lines in order; null where nobody reads them.</param>
internal sealed class WorkLog(IProgress<WorkLine>? lines)
{
    private WorkPlace _place = new("reading");
    private IReadOnlyList<string> _parts = [];

    /// <summary>A log that nobody reads.</summary>
    public static WorkLog Silent { get; } = new(null);

    /// <summary>Reports a step of the work or its result.</summary>
    public void Say(string line) => lines?.Report(new WorkLine(line.ReplaceLineEndings(" "), _place));

    /// <summary>Reports where a long run is.</summary>
    public void Pass(string words) => lines?.Report(new WorkLine(words, _place, IsPassing: true));

    /// <summary>A part of the work begins that belongs to no candidate.</summary>
    public void Enter(string part)
    {
        Move(_ => new WorkPlace(part));
        Say(part);
    }

    /// <summary>The next candidate begins.</summary>
    public void EnterCandidate(int number, int count) => Move(place => new WorkPlace(place.Part) { Candidate = number, Candidates = count });

    /// <summary>Names the parts of the candidate in order.</summary>
    public void Plan(IReadOnlyList<string> parts) => _parts = lines is null ? [] : parts;

    /// <summary>The work reaches a part of the candidate.</summary>
    /// <param name="index">The part, from 0.</param>
    /// <param name="together">How many parts run together, from that one on.</param>
    public void Reach(int index, int together = 1) =>
        Move(place =>
            place with
            {
                Part = string.Join(' ', _parts.Skip(index).Take(together)),
                Number = index + together,
                Count = _parts.Count,
                Trial = "",
                Left = [.. _parts.Skip(index + together)],
            }
        );

    /// <summary>The work reaches the last part of the candidate.</summary>
    public void ReachLast() => Reach(_parts.Count - 1);

    /// <summary>A trial begins inside the part.</summary>
    public void EnterTrial(string name) => Move(place => place with { Trial = name });

    /// <summary>A trial of the candidate was measured.</summary>
    public void Measured(double sqnrDb) => Move(place => place with { BestDb = Math.Max(sqnrDb, place.BestDb ?? sqnrDb) });

    // The silent log is shared by all threads, and has no place.
    private void Move(Func<WorkPlace, WorkPlace> move)
    {
        if (lines is not null)
            _place = move(_place);
    }
}
