using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Workers;

namespace ModelBuild.Compression.Training.Runs;

/// <summary>The loss on held-out rows: the mean over the rows, and its terms.</summary>
/// <param name="Loss">The loss; null if no rows are held out.</param>
/// <param name="Terms">The terms with their weights, by name.</param>
internal sealed record HeldOutLoss(double? Loss, IReadOnlyDictionary<string, double> Terms)
{
    /// <summary>The terms of the loss; null if there are fewer than two.</summary>
    public IReadOnlyDictionary<string, double>? SeveralTerms => Terms.Count > 1 ? Terms : null;

    /// <summary>Measures the loss with the current values of the parameters.</summary>
    public static HeldOutLoss Measure(LossRuns runs, TrainingSet data, int batch, CancellationToken cancellationToken) =>
        Measure(runs, data, batch, SingleWorker.Instance, cancellationToken);

    /// <summary>Measures the loss with the current values of the parameters. Each worker runs some of the batches, and all have the same result.</summary>
    public static HeldOutLoss Measure(LossRuns runs, TrainingSet data, int batch, IWorkerGroup workers, CancellationToken cancellationToken)
    {
        TrainingBatch[] batches = [.. data.HeldOut(batch)];
        // If there are fewer batches than workers, each worker runs all batches, because a worker without a batch would have no names of the loss terms.
        var shares = batches.Length >= workers.Size ? workers : SingleWorker.Instance;
        var values = new IReadOnlyList<(string Name, double Value)>[batches.Length];
        for (var i = shares.Rank; i < batches.Length; i += shares.Size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            values[i] = runs.Run(batches[i]);
        }

        if (shares.Size > 1)
            Collect(values, shares);
        var (terms, rows) = (new SortedDictionary<string, double>(StringComparer.Ordinal), 0);
        foreach (var (part, measured) in batches.Zip(values))
        {
            foreach (var (name, value) in measured)
                terms[name] = terms.GetValueOrDefault(name) + value * part.Count;
            rows += part.Count;
        }

        var means = terms.ToDictionary(term => term.Key, term => term.Value / rows, StringComparer.Ordinal);
        return new HeldOutLoss(rows == 0 ? null : means.Values.Sum(), means);
    }

    // Sums the measured numbers over the workers. Each number was measured by one worker, and the others add zero, so that no digit changes.
    private static void Collect(IReadOnlyList<(string Name, double Value)>[] values, IWorkerGroup workers)
    {
        string[] names = [.. values[workers.Rank].Select(term => term.Name)];
        var all = new double[values.Length * names.Length];
        foreach (var (index, measured) in values.Index())
            for (var i = 0; measured is not null && i < names.Length; i++)
                all[(index * names.Length) + i] = measured[i].Value;
        workers.Sum(all);
        for (var index = 0; index < values.Length; index++)
            values[index] = [.. names.Select((name, i) => (name, all[(index * names.Length) + i]))];
    }
}
