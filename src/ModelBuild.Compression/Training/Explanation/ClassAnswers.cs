using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Losses;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>Collects the classes that the models predict for all rows.</summary>
/// <param name="scores">The values with the scores.</param>
internal sealed class ClassAnswers(ClassScores scores)
{
    private readonly List<(int? Teacher, int Before, int After, long Label)> _rows = [];
    private readonly List<SampleDifference> _samples = [];

    /// <summary>The rows, each with its difference from the teacher, or from the label if there is no teacher.</summary>
    public IReadOnlyList<SampleDifference> Samples => _samples;

    /// <summary>The measure by which the differences of rows are computed.</summary>
    public SampleMeasure Measure => scores.Teacher is null ? SampleMeasure.LabelLoss : SampleMeasure.Divergence;

    /// <summary>The comparison of the classes; null if no row was added.</summary>
    public ClassComparison? Comparison
    {
        get
        {
            if (_rows.Count == 0)
                return null;
            var classes = _rows.SelectMany(row => new[] { row.Teacher ?? -1, row.Label }).Where(one => one >= 0).Distinct().Order();
            return new ClassComparison(
                Agreement(_ => true),
                Accuracy(_ => true),
                [.. classes.Select(one => new ClassDifference((int)one, Agreement(teacher => teacher == one), Accuracy(label => label == one)))]
            );
        }
    }

    /// <summary>Adds the answers of the models for the rows of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="teacher">The scores of the teacher; null without a teacher.</param>
    /// <param name="before">The scores before training.</param>
    /// <param name="after">The scores after training.</param>
    public void Add(TrainingBatch batch, FloatValue? teacher, FloatValue before, FloatValue after)
    {
        var labels = new long[batch.Labels];
        batch.CopyLabelsTo(labels);
        foreach (var (row, origin) in batch.Origins().Index())
        {
            var (old, own) = (Row(before, row, labels.Length), Row(after, row, labels.Length));
            var other = teacher is null ? null : Row(teacher, row, labels.Length);
            var (label, top) = (labels[row], Probabilities.Top(own));
            _rows.Add((other is null ? null : Probabilities.Top(other), Probabilities.Top(old), top, label));
            var difference =
                other is not null ? Probabilities.Divergence(other, own)
                : label >= 0 && label < own.Length ? -own[label]
                : 0;
            if (double.IsFinite(difference) && difference > 0)
                _samples.Add(
                    new SampleDifference(origin.File, origin.Row, difference)
                    {
                        Teacher = other is null ? null : Answer(other),
                        Student = Answer(own),
                        Label = label >= 0 ? label : null,
                    }
                );
        }
    }

    private double[] Row(FloatValue value, int row, int rows)
    {
        var size = value.Values.Length / rows;
        return Probabilities.Logarithms(value.Values.AsSpan(row * size, size), scores.IsIndependent);
    }

    private static RowAnswer Answer(double[] logarithms) => new(Probabilities.Top(logarithms), Math.Exp(logarithms.Max()));

    private ClassAgreement? Agreement(Func<int, bool> isOf)
    {
        var rows = _rows.Where(row => row.Teacher is { } one && isOf(one)).ToArray();
        return scores.Teacher is null
            ? null
            : new ClassAgreement(rows.Length, rows.Count(row => row.Before == row.Teacher), rows.Count(row => row.After == row.Teacher));
    }

    private ClassAccuracy? Accuracy(Func<long, bool> isOf)
    {
        var rows = _rows.Where(row => row.Label >= 0 && isOf(row.Label)).ToArray();
        return rows.Length == 0
            ? null
            : new ClassAccuracy(
                rows.Length,
                scores.Teacher is null ? null : rows.Count(row => row.Teacher == row.Label),
                rows.Count(row => row.Before == row.Label),
                rows.Count(row => row.After == row.Label)
            );
    }
}
