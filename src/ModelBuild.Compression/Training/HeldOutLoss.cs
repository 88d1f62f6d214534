using ModelBuild.Compression.Training.Data;

namespace ModelBuild.Compression.Training;

/// <summary>The loss on held-out rows: the mean over the rows, and its terms.</summary>
/// <param name="Loss">The loss; null if no rows are held out.</param>
/// <param name="Terms">The terms with their weights, by name.</param>
internal sealed record HeldOutLoss(double? Loss, IReadOnlyDictionary<string, double> Terms)
{
    /// <summary>The terms; null if there are fewer than two.</summary>
    public IReadOnlyDictionary<string, double>? SeveralTerms => Terms.Count > 1 ? Terms : null;

    /// <summary>Measures the loss with the current values of the parameters.</summary>
    public static HeldOutLoss Measure(LossRuns runs, TrainingSet data, int batch, CancellationToken cancellationToken)
    {
        var (terms, rows) = (new SortedDictionary<string, double>(StringComparer.Ordinal), 0);
        foreach (var part in data.HeldOut(batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (name, value) in runs.Run(part))
                terms[name] = terms.GetValueOrDefault(name) + value * part.Count;
            rows += part.Count;
        }

        var means = terms.ToDictionary(term => term.Key, term => term.Value / rows, StringComparer.Ordinal);
        return new HeldOutLoss(rows == 0 ? null : means.Values.Sum(), means);
    }
}
