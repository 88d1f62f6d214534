using System.Globalization;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Search;

/// <summary>The trials of one search, in order. Each is reported to the log while it runs, and all are written to the report of a step.</summary>
/// <typeparam name="T">The type of a candidate.</typeparam>
/// <param name="log">Receives reports of trials.</param>
/// <param name="work">The kind of the trials, and the work that each takes.</param>
internal sealed class Trials<T>(WorkLog log, TrialWork work)
{
    private readonly List<Trial<T>> _trials = [];
    private readonly WorkAccount? _account = work.Total > 0 ? new WorkAccount(work.Total, work.IsEstimate) : null;
    private int _number;
    private string _name = "";

    /// <summary>The trials, best first; of several with the same figure, the earliest first.</summary>
    public IEnumerable<Trial<T>> Ranked => _trials.OrderByDescending(trial => trial.SqnrDb);

    /// <summary>The best trial; null where no candidate was evaluated.</summary>
    public Trial<T>? Best => Ranked.FirstOrDefault();

    private string Title
    {
        get
        {
            var count = work.Count is { } all ? $" of {(work.IsLimit ? "at most " : "")}{all}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"{work.Kind} {_number}{count}");
        }
    }

    /// <summary>Begins the next trial of the search, and reports it to the log.</summary>
    /// <param name="name">The name of the candidate in receipts and in the log; empty for a candidate that has only a number.</param>
    public void Begin(string name)
    {
        (_name, _number) = (name, _number + 1);
        log.EnterTrial(Title);
        if (name.Length > 0)
            log.Report($"{Title}: '{ShortRecipe.Of(name)}'");
    }

    /// <summary>Evaluates a model on held-out samples, and ends the present trial with its SQNR.</summary>
    /// <param name="evaluator">Evaluates the model.</param>
    /// <param name="subject">The candidate.</param>
    /// <param name="model">The model that it gives.</param>
    /// <param name="calls">The largest number of held-out calls.</param>
    public Trial<T> Evaluate(HeldOutEvaluator evaluator, T subject, OnnxModel model, int calls = int.MaxValue) =>
        End(subject, evaluator.SqnrDb(model, calls), model.Size());

    /// <summary>Ends the present trial with a given SQNR in dB.</summary>
    /// <param name="subject">The candidate.</param>
    /// <param name="sqnrDb">The SQNR of the worst output on held-out samples, in dB.</param>
    /// <param name="bytes">The size of its model in bytes; null where it is not known.</param>
    public Trial<T> End(T subject, double sqnrDb, long? bytes = null)
    {
        log.Measured(sqnrDb);
        log.Report(string.Create(CultureInfo.InvariantCulture, $"{Title} gets {SignedNumber.Of(sqnrDb, 1)} dB{Counted()}"));
        var trial = new Trial<T>(subject, _name, sqnrDb) { Bytes = bytes };
        _trials.Add(trial);
        return trial;
    }

    /// <summary>Ends the present trial without a model that can be evaluated.</summary>
    public void Drop(string why) => log.Report($"{Title} is dropped: {why}{Counted()}");

    /// <summary>Writes all trials to the report of a step.</summary>
    /// <param name="report">The report.</param>
    /// <param name="kept">The trials whose candidates are kept.</param>
    public void Report(PassReport report, params IReadOnlyCollection<Trial<T>> kept)
    {
        foreach (var trial in _trials)
            report.Tried(new TrialOutcome(trial.Name, Math.Round(trial.SqnrDb, 2), kept.Contains(trial)) { Bytes = trial.Bytes });
    }

    private string Counted() => _account is null ? "" : $"; {_account.Add(work.Each)}";
}
