using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Search;

/// <summary>What a search tried, in the order in which it did. The best trial is the one with the greatest SQNR, the earliest of several.</summary>
/// <typeparam name="T">What is tried.</typeparam>
internal sealed class TrialLog<T>
    where T : class
{
    private readonly List<(T Subject, string Name, double SqnrDb)> _trials = [];

    /// <summary>What was tried, best first.</summary>
    public IEnumerable<T> Ranked => _trials.OrderByDescending(trial => trial.SqnrDb).Select(trial => trial.Subject);

    /// <summary>The best; null where nothing was tried.</summary>
    public T? Best => Ranked.FirstOrDefault();

    /// <summary>Adds a trial.</summary>
    /// <param name="subject">What was tried.</param>
    /// <param name="name">What receipts call it.</param>
    /// <param name="sqnrDb">The worst output's signal-to-quantization-noise ratio on held-out samples, in dB.</param>
    public void Add(T subject, string name, double sqnrDb) => _trials.Add((subject, name, sqnrDb));

    /// <summary>Writes all trials to the report of a step.</summary>
    /// <param name="report">The report.</param>
    /// <param name="kept">What was kept of them; null where nothing was.</param>
    public void Report(PassReport report, T? kept)
    {
        foreach (var (subject, name, sqnr) in _trials)
            report.Tried(new TrialOutcome(name, Math.Round(sqnr, 2), ReferenceEquals(subject, kept)));
    }
}
