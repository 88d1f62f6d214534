using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration;

/// <summary>What whole numbers and texts a model's inputs may hold, read from the constants that they meet in the graph.</summary>
internal static class IndexBounds
{
    // Operators that hand indices on, in another shape or type at most.
    private static readonly HashSet<string> PassThrough =
    [
        "Cast",
        "Clip",
        "Concat",
        "Expand",
        "Flatten",
        "Identity",
        "Reshape",
        "Slice",
        "Squeeze",
        "Transpose",
        "Unsqueeze",
        "Split",
        "Max",
        "Min",
    ];

    /// <summary>For each input that indexes a constant table, or is made one-hot: the size of the smallest such table, or the number of classes.</summary>
    public static IReadOnlyDictionary<string, long> Find(OnnxModel model)
    {
        var main = new Graph(model);
        var bounds = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var input in main.Proto.Input)
            if (Follow(main, input.Name, []) is { } bound)
                bounds[input.Name] = bound;
        return bounds;
    }

    /// <summary>
    /// For each input that is compared with a constant, as modes and rates are (16000 Hz or 8000): that constant, so that a branch somebody meant is
    /// taken.
    /// </summary>
    public static IReadOnlyDictionary<string, long> FindModes(OnnxModel model)
    {
        var main = new Graph(model);
        var modes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var input in main.Proto.Input)
            if (FollowMode(main, input.Name, []) is { } mode)
                modes[input.Name] = mode;
        return modes;
    }

    /// <summary>For each input of texts that meets a list of known ones: the first of them.</summary>
    public static IReadOnlyDictionary<string, string> FindTexts(OnnxModel model)
    {
        var main = new Graph(model);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in main.Proto.Input)
            if (FollowTexts(main, input.Name, []) is { } text)
                texts[input.Name] = text;
        return texts;
    }

    private static long? Follow(Graph scope, string value, HashSet<string> seen)
    {
        if (!seen.Add(value))
            return null;
        long? bound = null;
        foreach (var use in scope.Consumers(value))
        {
            var found = use switch
            {
                { Node.OpType: "Gather", Index: 1 } when use.Graph.TryGetConstant(use.Node.Input[0], out var table) && table.Dims.Count > 0 => table.Dims[
                    (int)((use.Node.GetInt("axis", 0) + table.Dims.Count) % table.Dims.Count)
                ],
                { Node.OpType: "OneHot", Index: 0 } when use.Graph.TryGetConstant(use.Node.Input[1], out var depth) && depth.ElementCount() == 1 => Scalar(
                    depth
                ),
                // One-hot by comparison with 0, 1, 2, …
                { Node.OpType: "Equal" } when use.Graph.TryGetConstant(use.Node.Input[1 - use.Index], out var classes) && classes.ElementCount() > 1 =>
                    classes.ElementCount(),
                _ when PassThrough.Contains(use.Node.OpType) && use.Index == 0 => Follow(use.Graph, use.Node.Output[0], seen),
                _ => null,
            };
            if (found is > 0)
                bound = Math.Min(bound ?? long.MaxValue, found.Value);
        }

        return bound;
    }

    private static long? FollowMode(Graph scope, string value, HashSet<string> seen)
    {
        if (!seen.Add(value))
            return null;
        foreach (var use in scope.Consumers(value))
        {
            if (use.Node.OpType == "Equal" && use.Graph.TryGetConstant(use.Node.Input[1 - use.Index], out var mode) && mode.ElementCount() == 1)
                return Scalar(mode);
            if (PassThrough.Contains(use.Node.OpType) && use.Index == 0 && FollowMode(use.Graph, use.Node.Output[0], seen) is { } found)
                return found;
        }

        return null;
    }

    private static string? FollowTexts(Graph scope, string value, HashSet<string> seen)
    {
        if (!seen.Add(value))
            return null;
        foreach (var use in scope.Consumers(value))
        {
            var known = use.Node.Attribute.FirstOrDefault(attribute =>
                attribute.Name is "cats_strings" or "keys_strings" or "classes_strings" && attribute.Strings.Count > 0
            );
            if (known is not null)
                return known.Strings[0].ToStringUtf8();
            if (PassThrough.Contains(use.Node.OpType) && FollowTexts(use.Graph, use.Node.Output[0], seen) is { } text)
                return text;
        }

        return null;
    }

    private static long? Scalar(TensorProto tensor) =>
        (TensorProto.Types.DataType)tensor.DataType switch
        {
            TensorProto.Types.DataType.Int64 => tensor.Span<long>()[0],
            TensorProto.Types.DataType.Int32 => tensor.Span<int>()[0],
            _ => null,
        };
}
