using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Data;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>Collects the errors of one output over all batches.</summary>
/// <param name="output">The output.</param>
internal sealed class OutputErrors(ComparedOutput output)
{
    private readonly List<(RowOrigin Origin, double Error, RowAnswer? Teacher, RowAnswer? Student)> _rows = [];
    private double _signal;
    private double _before;
    private double _after;

    /// <summary>The errors of the output; null if the teacher's signal is zero, or if an error is not finite.</summary>
    public OutputDifference? Difference =>
        Relative(_before) is { } before && Relative(_after) is { } after ? new OutputDifference(output.Name, before, after) : null;

    /// <summary>The errors of the rows, relative to the mean signal of a row; empty if the output has no part for each row.</summary>
    public IEnumerable<SampleDifference> Samples =>
        Difference is null
            ? []
            : _rows.Select(row => new SampleDifference(row.Origin.File, row.Origin.Row, Math.Sqrt(row.Error / (_signal / _rows.Count)))
            {
                Output = output.Name,
                Teacher = row.Teacher,
                Student = row.Student,
            });

    /// <summary>Adds the values of the output for the rows of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="teacher">The output of the teacher.</param>
    /// <param name="before">The output of the model before training.</param>
    /// <param name="after">The output of the model after training.</param>
    public void Add(TrainingBatch batch, Sample inputs, FloatValue teacher, FloatValue before, FloatValue after)
    {
        // An output whose shapes differ between the models has no error. The sizes of such outputs, for example detections, depend on their values.
        if (!teacher.Shape.SequenceEqual(before.Shape) || !teacher.Shape.SequenceEqual(after.Shape))
            return;
        var counts = MaskedPositions.Of(inputs, output.Mask, teacher.Shape);
        var isByRow = teacher.Shape is [var first, ..] && first == batch.Labels;
        var (size, features) = (isByRow ? teacher.Values.Length / batch.Labels : 0, teacher.Shape.Length > 0 ? (int)teacher.Shape[^1] : 1);
        var errors = new double[batch.Labels];
        for (var i = 0; i < teacher.Values.Length; i++)
        {
            if (counts?[i / features] == false)
                continue;
            var target = (double)teacher.Values[i];
            _signal += target * target;
            _before += Square(before.Values[i] - target);
            var error = Square(after.Values[i] - target);
            _after += error;
            if (isByRow)
                errors[i / size] += error;
        }

        if (isByRow)
            foreach (var (i, origin) in batch.Origins().Index())
                _rows.Add((origin, errors[i], Answer(teacher, i, size), Answer(after, i, size)));
    }

    private double? Relative(double error) => _signal > 0 && double.IsFinite(error / _signal) ? Math.Sqrt(error / _signal) : null;

    private static RowAnswer? Answer(FloatValue value, int row, int size) => size == 1 ? new RowAnswer(Class: null, value.Values[row]) : null;

    private static double Square(double value) => value * value;
}
