using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Finds operators that pool all positions into one vector of features: global pools, pools with a kernel that covers the whole plane, and means and
/// maxima over all axes of positions.
/// </summary>
/// <param name="main">The main graph.</param>
/// <param name="tensors">Types and shapes of values in one call, as far as they are known.</param>
internal sealed class PooledFeatures(Graph main, IReadOnlyDictionary<string, InferredTensor> tensors)
{
    private const int FirstSpatial = 2;

    private static readonly HashSet<string> Global = ["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"];
    private static readonly HashSet<string> Windowed = ["AveragePool", "MaxPool", "LpPool"];
    private static readonly HashSet<string> Reductions = ["ReduceMean", "ReduceMax"];

    /// <summary>The values whose shapes must be known to tell what makes <paramref name="value"/>.</summary>
    public static IEnumerable<string> Values(Graph main, string value) =>
        PassingOperators.Maker(main, value) is { } maker && (Windowed.Contains(maker.OpType) || Reductions.Contains(maker.OpType))
            ? [maker.Input[0], maker.Output[0]]
            : [];

    /// <summary>Whether the node makes one vector of all positions.</summary>
    public bool IsMadeBy(NodeProto? maker) =>
        maker is not null
        && (
            Global.Contains(maker.OpType)
            || (Windowed.Contains(maker.OpType) && CoversPlane(maker))
            || (Reductions.Contains(maker.OpType) && ReducesPositions(maker))
        );

    // There is one window, and it begins before the first position of each axis and ends behind the last.
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

    // Channels are the second axis or the last: [N, C, H, W], [N, H, W, C], [N, T, D].
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
