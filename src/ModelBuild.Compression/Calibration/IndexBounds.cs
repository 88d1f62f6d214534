using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration;

/// <summary>Finds valid values for the integer and string inputs of a model from the constants that the graph uses them with.</summary>
internal static class IndexBounds
{
    // The operators whose output holds the same indices as their first input, in another shape or element type.
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

    /// <summary>
    /// Returns, for each input that indexes a constant table or is converted to one-hot, the size of the smallest table or the number of classes.
    /// </summary>
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
    /// Returns, for each input that the graph compares with a constant scalar, that constant. An example is a sample rate that is compared with 16000. With
    /// this value the model takes a branch that its author meant to be used.
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

    /// <summary>Returns, for each string input that the graph looks up in a list of known strings, the first of them.</summary>
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
                // A comparison of an input with the constants 0, 1, 2, … computes a one-hot encoding, so that their number bounds the input.
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
