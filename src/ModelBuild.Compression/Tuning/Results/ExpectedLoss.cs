using ModelBuild.Compression.Estimation;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Tuning.Results;

/// <summary>
/// Estimates the share of decisions of a classifier that change, or the accuracy that is lost with labels, from the margins of all samples and the changes of
/// all margins. A search compares many recipes on the same samples, and the count of changed decisions alone would favour recipes that pass by chance.
/// </summary>
/// <param name="plan">What is compared.</param>
internal sealed class ExpectedLoss(OutputPlan plan)
{
    private const int MaxRows = 4096;

    // The smallest probability whose logarithm is taken, because the logarithm of a smaller probability has no meaning.
    private const double LeastProbability = 1e-7;

    private readonly Dictionary<string, (List<double> Margins, List<double> Changes)> _rows = new(StringComparer.Ordinal);

    /// <summary>Adds the class scores of both models in one call.</summary>
    /// <param name="sample">The inputs and labels.</param>
    /// <param name="before">The values of the original, in the order of the plan.</param>
    /// <param name="after">The values of the result.</param>
    public void Add(Sample sample, IReadOnlyList<OutputValues?> before, IReadOnlyList<OutputValues?> after)
    {
        foreach (var part in plan.Parts.Where(part => part is { ClassAxis: not null, Part: null, Kind: not FidelityKind.Tokens }))
        {
            var place = plan.Outputs.Concat(plan.Observed).TakeWhile(output => output != part.Output).Count();
            if (before[place] is { } first && after[place] is { } second)
                Add(part, sample, first, second);
        }
    }

    /// <summary>Returns the loss of an output, from 0 to 1; null if it has no row of scores for each sample.</summary>
    public double? Of(string output)
    {
        if (!_rows.TryGetValue(output, out var rows))
            return null;
        var right = (double)rows.Margins.Count(margin => margin > 0) / rows.Margins.Count;
        return Math.Max(0, right - MarginPairs.SharePositive(rows.Margins, rows.Changes));
    }

    private void Add(ComparedPart part, Sample sample, OutputValues before, OutputValues after)
    {
        var axis = part.ClassAxis!.Value;
        if (axis >= before.Shape.Length || before.Shape[axis] < 2 || before.Numbers.Length != sample.Rows * before.Shape[axis])
            return;
        if (after.Numbers.Length != before.Numbers.Length)
            return;
        var classes = (int)before.Shape[axis];
        var labels = sample.Labels?.Length == sample.Rows ? sample.Labels : null;
        if (!_rows.TryGetValue(part.Output, out var rows))
            _rows[part.Output] = rows = ([], []);
        for (var row = 0; row < sample.Rows && rows.Margins.Count < MaxRows; row++)
        {
            var scores = Scores(before, row);
            var answer = labels is null ? Winner.Of(scores) : (int)labels[row];
            if (answer < 0 || answer >= classes)
                continue;
            var margin = Margin(scores, answer);
            rows.Margins.Add(margin);
            rows.Changes.Add(Margin(Scores(after, row), answer) - margin);
        }

        ReadOnlySpan<double> Scores(OutputValues values, int row)
        {
            var scores = values.Numbers.AsSpan(row * classes, classes);
            return part.IsProbability ? Logarithms(scores) : scores;
        }
    }

    private static double[] Logarithms(ReadOnlySpan<double> probabilities)
    {
        var logarithms = new double[probabilities.Length];
        for (var i = 0; i < logarithms.Length; i++)
            logarithms[i] = Math.Log(Math.Max(LeastProbability, probabilities[i]));
        return logarithms;
    }

    private static double Margin(ReadOnlySpan<double> scores, int answer)
    {
        var rival = double.NegativeInfinity;
        for (var i = 0; i < scores.Length; i++)
            if (i != answer)
                rival = Math.Max(rival, scores[i]);
        return scores[answer] - rival;
    }
}
