using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Preparation;

/// <summary>Compares one run of a model with a dynamic batch on several rows with runs of the original on each row.</summary>
internal sealed class BatchCheck
{
    // The largest allowed error in relation to the largest element of an output. The ranges of activations that are quantized at run time are those of the
    // whole batch, and a small difference may lead to another code.
    private const double FloatTolerance = 1e-4;
    private const double CodeTolerance = 0.1;

    private readonly double _tolerance;
    private readonly string[] _outputs;
    private readonly IReadOnlyList<OutputValues>[] _expected;
    private readonly Sample _batch;

    /// <summary>Runs the original on each row, and stores its outputs.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not run the original.</exception>
    public BatchCheck(OnnxModel original, IReadOnlyList<Sample> rows, IReadOnlyDictionary<string, int> axes, CancellationToken cancellationToken)
    {
        using var runner = new ModelRunner(Sessions.OpenPortable(original));
        _outputs = [.. runner.Outputs];
        _tolerance = new Graph(original).Nodes.Any(node => node.OpType is "QuantizeLinear" or "DynamicQuantizeLinear") ? CodeTolerance : FloatTolerance;
        _expected = [.. rows.Select(row => runner.Run(row, cancellationToken))];
        _batch = BatchRows.Join(rows, axes);
    }

    /// <summary>Returns the reason why the model does not compute the outputs of all rows of a batch; null if it does.</summary>
    public BatchObstacle? WhyNot(OnnxModel opened, CancellationToken cancellationToken)
    {
        try
        {
            using var runner = new ModelRunner(Sessions.OpenPortable(opened));
            var actual = runner.Run(_batch, cancellationToken);
            return _outputs
                .Select((name, i) => Compare(name, [.. _expected.Select(outputs => outputs[i])], actual[i]))
                .FirstOrDefault(fault => fault is not null);
        }
        catch (OnnxRuntimeException exception)
        {
            return new BatchObstacle(BatchFault.DoesNotRun, $"ONNX Runtime does not run it on a batch of {_expected.Length}: {Sessions.Reason(exception)}");
        }
    }

    private BatchObstacle? Compare(string name, OutputValues[] rows, OutputValues batch)
    {
        var shape = rows[0].Shape;
        if (rows.Any(row => !row.Shape.SequenceEqual(shape)) || Axis(shape, batch.Shape, rows.Length) is not { } axis)
            return new BatchObstacle(
                BatchFault.OutputWithoutBatch,
                $"its output '{name}' has the shape [{string.Join(',', shape)}] for one row and [{string.Join(',', batch.Shape)}] for {rows.Length}"
            );
        var block = (int)SampleArray.Count(shape.AsSpan(axis));
        var scale = rows.Max(row => row.Numbers.Length == 0 ? 0 : row.Numbers.Max(Math.Abs));
        var error = 0.0;
        for (var i = 0; i < batch.Numbers.Length; i++)
        {
            var (chunk, offset) = Math.DivRem(i, block);
            var expected = rows[chunk % rows.Length].Numbers[((chunk / rows.Length) * block) + offset];
            // Equal elements are skipped, because the difference of two equal infinities is NaN and would count as an error.
            if (!expected.Equals(batch.Numbers[i]))
                error = Math.Max(error, double.IsFinite(expected - batch.Numbers[i]) ? Math.Abs(expected - batch.Numbers[i]) : double.PositiveInfinity);
        }

        return error <= (batch.IsFloat ? _tolerance * scale : 0)
            ? null
            : new BatchObstacle(
                BatchFault.DifferentOutputs,
                string.Create(CultureInfo.InvariantCulture, $"its output '{name}' differs by {error:G3} in a batch, where the largest value is {scale:G3}")
            );
    }

    // Returns the only dimension of an output whose size is 1 for one row and the number of rows for a batch; null if there is none. A loss can separate the
    // rows only along such a dimension.
    private static int? Axis(long[] row, long[] batch, int rows)
    {
        if (row.Length != batch.Length)
            return null;
        int[] differing = [.. row.Index().Where(size => size.Item != batch[size.Index]).Select(size => size.Index)];
        return differing is [var axis] && row[axis] == 1 && batch[axis] == rows ? axis : null;
    }
}
