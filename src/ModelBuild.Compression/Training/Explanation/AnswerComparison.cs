using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Data;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>Compares the answers of a model with those of its teacher on held-out rows.</summary>
internal sealed class AnswerComparison
{
    private const int MaxSamples = 10;

    private readonly OutputErrors[] _outputs;
    private readonly ClassAnswers? _classes;

    private AnswerComparison(ComparedAnswers answers)
    {
        _outputs = [.. answers.Outputs.Select(output => new OutputErrors(output))];
        _classes = answers.Classes is null ? null : new ClassAnswers(answers.Classes);
    }

    /// <summary>The number of held-out rows that were compared.</summary>
    public int Rows { get; private set; }

    /// <summary>The errors of the outputs before and after training.</summary>
    public IReadOnlyList<OutputDifference> Outputs => [.. _outputs.Select(output => output.Difference).OfType<OutputDifference>()];

    /// <summary>The comparison of the classes; null for a model without scores of classes.</summary>
    public ClassComparison? Classes => _classes?.Comparison;

    /// <summary>The rows with the largest differences, the largest first. Rows without a difference are not listed.</summary>
    public IReadOnlyList<SampleDifference> Samples =>
        [
            .. (Classes is null ? _outputs.SelectMany(output => output.Samples) : _classes!.Samples)
                .Where(sample => sample.Difference > 0)
                .GroupBy(sample => (sample.File, sample.Row))
                .Select(row => row.MaxBy(sample => sample.Difference)!)
                .OrderByDescending(sample => sample.Difference)
                .Take(MaxSamples),
        ];

    /// <summary>The measure by which the differences of rows are computed.</summary>
    public SampleMeasure Measure => Classes is null ? SampleMeasure.RelativeError : _classes!.Measure;

    /// <summary>Compares the answers of the models on all held-out rows.</summary>
    /// <param name="models">The models.</param>
    /// <param name="answers">The answers.</param>
    /// <param name="rows">The data, of which the held-out rows are used.</param>
    /// <param name="batch">The number of rows of a run.</param>
    /// <param name="threads">The number of threads.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public static AnswerComparison Run(
        ExplainedModels models,
        ComparedAnswers answers,
        TrainingSet rows,
        int batch,
        int threads,
        CancellationToken cancellationToken
    )
    {
        var comparison = new AnswerComparison(answers);
        using var teacher = answers.OfTeacher.Any() ? new ForwardRuns(models.Teacher, answers.OfTeacher, threads) : null;
        using var before = new ForwardRuns(models.Before, answers.OfStudent, threads);
        using var after = new ForwardRuns(models.After, answers.OfStudent, threads);
        foreach (var part in rows.HeldOut(batch))
        {
            var inputs = ForwardRuns.Inputs(part);
            var expected = teacher?.Run(inputs, cancellationToken) ?? new Dictionary<string, FloatValue>();
            var (old, own) = (before.Run(inputs, cancellationToken), after.Run(inputs, cancellationToken));
            comparison.Rows += part.Labels;
            foreach (var (output, errors) in answers.Outputs.Zip(comparison._outputs))
                if (
                    expected.TryGetValue(output.Name, out var target)
                    && old.TryGetValue(output.Name, out var first)
                    && own.TryGetValue(output.Name, out var last)
                )
                    errors.Add(part, inputs, target, first, last);
            if (answers.Classes is { } classes && own.TryGetValue(classes.Student, out var scores))
                comparison._classes!.Add(part, classes.Teacher is { } name ? expected[name] : null, old[classes.Student], scores);
        }

        return comparison;
    }
}
