namespace ModelBuild.Compression.Work;

/// <summary>Reports the progress of candidates and trials, with their counts and results.</summary>
/// <param name="lines">Receives the reports in order; null when there is no reader.</param>
internal sealed class WorkLog(IProgress<WorkLine>? lines)
{
    private WorkPlace _place = new("reading");
    private IReadOnlyList<string> _parts = [];

    /// <summary>A log that discards all lines.</summary>
    public static WorkLog Silent { get; } = new(null);

    /// <summary>Reports a line about a step of the work or its result.</summary>
    public void Report(string line) => lines?.Report(new WorkLine(line.ReplaceLineEndings(" "), _place));

    /// <summary>Reports the progress of a long run, as a line that logs omit.</summary>
    public void Pass(string words) => lines?.Report(new WorkLine(words, _place, IsPassing: true));

    /// <summary>Reports the progress of a long run whose length is known.</summary>
    /// <param name="words">The place in the run and its figures.</param>
    /// <param name="brief">A shorter text for narrow lines.</param>
    /// <param name="done">The share of the run that is done, between 0 and 1.</param>
    public void Pass(string words, string brief, double done)
    {
        Move(place => place with { Trial = words, ShortTrial = brief, Done = done });
        Pass(words);
    }

    /// <summary>Starts a part of the work that belongs to no candidate.</summary>
    public void Enter(string part)
    {
        Move(_ => new WorkPlace(part));
        Report(part);
    }

    /// <summary>Starts the next candidate.</summary>
    public void EnterCandidate(int number, int count) => Move(place => new WorkPlace(place.Part) { Candidate = number, Candidates = count });

    /// <summary>Sets the names of the present candidate's parts in order.</summary>
    public void Plan(IReadOnlyList<string> parts) => _parts = lines is null ? [] : parts;

    /// <summary>Starts a part of the present candidate.</summary>
    /// <param name="index">The index of the part, from 0.</param>
    /// <param name="together">The number of parts that run together, from this part on.</param>
    public void Reach(int index, int together = 1) =>
        Move(place =>
            place with
            {
                Part = string.Join(' ', _parts.Skip(index).Take(together)),
                Number = index + together,
                Count = _parts.Count,
                Trial = "",
                ShortTrial = "",
                Done = null,
                Left = [.. _parts.Skip(index + together)],
            }
        );

    /// <summary>Starts the last part of the present candidate.</summary>
    public void ReachLast() => Reach(_parts.Count - 1);

    /// <summary>Starts a trial inside the present part of the candidate.</summary>
    public void EnterTrial(string name) => Move(place => place with { Trial = name, ShortTrial = "", Done = null });

    /// <summary>Records the SQNR of a trial of the candidate in dB.</summary>
    public void Measured(double sqnrDb) => Move(place => place with { BestDb = Math.Max(sqnrDb, place.BestDb ?? sqnrDb) });

    // Changes the present place of the work, except in the silent log: all threads share that object, so it must not store a place.
    private void Move(Func<WorkPlace, WorkPlace> move)
    {
        if (lines is not null)
            _place = move(_place);
    }
}
