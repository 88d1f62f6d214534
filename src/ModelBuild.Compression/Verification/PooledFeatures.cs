using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Recognizes operators that pool all positions into one feature vector: global pools, pools whose kernel covers the whole plane, and means and maxima over
/// all axes of positions.
/// </summary>
/// <param name="main">The main graph.</param>
/// <param name="tensors">The known types and shapes of values in one call.</param>
internal sealed class PooledFeatures(Graph main, IReadOnlyDictionary<string, InferredTensor> tensors)
{
    private const int FirstSpatial = 2;

    private static readonly HashSet<string> Global = ["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"];
    private static readonly HashSet<string> Windowed = ["AveragePool", "MaxPool", "LpPool"];
    private static readonly HashSet<string> Reductions = ["ReduceMean", "ReduceMax"];

    /// <summary>Returns the values whose shapes are needed to decide about the node that computes <paramref name="value"/>.</summary>
    public static IEnumerable<string> Values(Graph main, string value) =>
        PassingOperators.Maker(main, value) is { } maker && (Windowed.Contains(maker.OpType) || Reductions.Contains(maker.OpType))
            ? [maker.Input[0], maker.Output[0]]
            : [];

    /// <summary>Returns whether the node pools all positions into one vector.</summary>
    public bool IsMadeBy(NodeProto? maker) =>
        maker is not null
        && (
            Global.Contains(maker.OpType)
            || (Windowed.Contains(maker.OpType) && CoversPlane(maker))
            || (Reductions.Contains(maker.OpType) && ReducesPositions(maker))
        );

    // Returns whether the pool has one window that covers the plane: it starts at or before the first position of each axis and ends at or after the last.
    private bool CoversPlane(NodeProto pool)
    {
        if (
            Shape(pool.Input[0]) is not { Length: > FirstSpatial } plane
            || Shape(pool.Output[0]) is not { } pooled
            || pooled.Skip(FirstSpatial).Any(size => size != 1)
        )
            return false;
        var kernel = pool.GetInts("kernel_shape") ?? [];
        var pads = pool.GetString("auto_pad", "NOTSET") == "NOTSET" ? pool.GetInts("pads") : null;
        return kernel.Length == plane.Length - FirstSpatial
            && (pool.GetInts("dilations") ?? []).All(dilation => dilation == 1)
            && kernel.Index().All(axis => axis.Item - (pads?[axis.Index] ?? 0) >= plane[axis.Index + FirstSpatial]);
    }

    // Returns whether the node reduces all positions and keeps the channels, which are on the second or last axis: [N, C, H, W], [N, H, W, C], [N, T, D].
    private bool ReducesPositions(NodeProto reduction)
    {
        if (Shape(reduction.Input[0])?.Length is not { } rank || rank <= FirstSpatial || ReducedAxes(reduction) is not { } listed)
            return false;
        long[] reduced = [.. (Axes.Normalize(listed, rank) ?? []).Order()];
        return reduced.Length == rank - FirstSpatial && (reduced[0] is 1 or FirstSpatial) && reduced[^1] - reduced[0] == reduced.Length - 1;
    }

    private long[]? ReducedAxes(NodeProto reduction) =>
        reduction.InputAt(1).Length == 0 ? reduction.GetInts("axes")
        : main.TryGetConstant(reduction.Input[1], out var axes) && axes.DataType == (int)DataType.Int64 ? axes.Span<long>().ToArray()
        : null;

    private long[]? Shape(string value) => tensors.TryGetValue(value, out var tensor) ? tensor.Shape : null;
}
