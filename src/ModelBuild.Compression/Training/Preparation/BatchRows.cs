using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Preparation;

/// <summary>Takes single rows from samples, and joins rows to a batch.</summary>
internal static class BatchRows
{
    /// <summary>Returns rows of equal shapes, one from each of the first samples. If there is only one, it is repeated.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="axes">The dimension of the rows of each input.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The rows; null when there is no sample, or when it has texts or lacks an input or a dimension.</returns>
    public static IReadOnlyList<Sample>? Take(ISampleSource samples, IReadOnlyDictionary<string, int> axes, int count, CancellationToken cancellationToken)
    {
        var rows = samples.Read(cancellationToken).Take(count).Select(sample => First(sample, axes)).ToArray();
        if (rows.Length == 0 || rows.Contains(null))
            return null;
        var alike = rows.Where(row => IsAlike(row!, rows[0]!)).ToArray();
        return [.. Enumerable.Range(0, count).Select(i => alike[i % alike.Length]!)];
    }

    /// <summary>Joins rows along the dimensions of the batch. Inputs without such a dimension are those of the first row.</summary>
    public static Sample Join(IReadOnlyList<Sample> rows, IReadOnlyDictionary<string, int> axes) =>
        new(
            rows[0]
                .Inputs.ToDictionary(
                    input => input.Key,
                    input => axes.TryGetValue(input.Key, out var axis) ? Join([.. rows.Select(row => row.Inputs[input.Key])], axis) : input.Value,
                    StringComparer.Ordinal
                ),
            Labels: null
        );

    private static Sample? First(Sample sample, IReadOnlyDictionary<string, int> axes)
    {
        foreach (var (name, axis) in axes)
            if (!sample.Inputs.TryGetValue(name, out var array) || array.Type == DataType.String || array.Shape.Length <= axis || array.Shape[axis] < 1)
                return null;
        return sample with
        {
            Inputs = sample.Inputs.ToDictionary(
                input => input.Key,
                input => axes.TryGetValue(input.Key, out var axis) ? First(input.Value, axis) : input.Value,
                StringComparer.Ordinal
            ),
        };
    }

    private static SampleArray First(SampleArray array, int axis)
    {
        var (outer, block) = Blocks(array, axis);
        var row = block / (int)array.Shape[axis];
        var data = new byte[outer * row];
        for (var i = 0; i < outer; i++)
            array.Data.AsSpan(i * block, row).CopyTo(data.AsSpan(i * row));
        return array with { Shape = Resized(array.Shape, axis, 1), Data = data };
    }

    private static SampleArray Join(SampleArray[] arrays, int axis)
    {
        var (outer, block) = Blocks(arrays[0], axis);
        var data = new byte[arrays.Sum(array => array.Data.Length)];
        for (var i = 0; i < outer; i++)
        for (var j = 0; j < arrays.Length; j++)
            arrays[j].Data.AsSpan(i * block, block).CopyTo(data.AsSpan(((i * arrays.Length) + j) * block));
        return arrays[0] with { Shape = Resized(arrays[0].Shape, axis, arrays.Sum(array => array.Shape[axis])), Data = data };
    }

    private static (int Outer, int Block) Blocks(SampleArray array, int axis)
    {
        var outer = (int)SampleArray.Count(array.Shape.AsSpan(0, axis));
        return (outer, outer == 0 ? 0 : array.Data.Length / outer);
    }

    private static long[] Resized(long[] shape, int axis, long size) => [.. shape.Select((old, i) => i == axis ? size : old)];

    private static bool IsAlike(Sample one, Sample other) =>
        one.Inputs.Count == other.Inputs.Count
        && one.Inputs.All(input => other.Inputs.TryGetValue(input.Key, out var array) && array.Shape.SequenceEqual(input.Value.Shape));
}
