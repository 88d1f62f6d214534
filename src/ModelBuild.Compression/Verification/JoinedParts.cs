using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>Finds the parts that Concat nodes join into an output, such as the boxes and scores of a detector, or its heads.</summary>
/// <param name="main">The main graph.</param>
/// <param name="tensors">The known types and shapes of values.</param>
internal sealed class JoinedParts(Graph main, IReadOnlyDictionary<string, InferredTensor> tensors)
{
    // The largest number of parts that an output is divided into. A value with more parts is probably joined from the steps of an unrolled loop.
    private const int MaxParts = 64;

    /// <summary>Returns the names of the values whose shapes are needed to find the parts of an output.</summary>
    public static IEnumerable<string> Values(Graph main, string output)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([output]);
        while (open.TryPop(out var value))
        {
            if (!seen.Add(value) || seen.Count > 4 * MaxParts)
                continue;
            if (main.Producer(value) is { } node && main.Contains(node) && (node.Is("Concat") || IsPassing(node)))
                foreach (var input in node.Is("Concat") ? node.Input : node.Input.Take(1))
                    open.Push(input);
        }

        return seen;
    }

    /// <summary>Returns the parts of an output, or an empty list when nothing is joined.</summary>
    public IReadOnlyList<JoinedPart> Of(string output)
    {
        if (!tensors.TryGetValue(output, out var whole) || whole.Elements is null)
            return [];
        var root = new JoinedPart(output, [], AxisMap.Identity(whole.Shape.Length), IsProbability: false);
        var parts = Split(root, whole.Shape);
        return parts.Count is > 1 and <= MaxParts ? parts : [];
    }

    private List<JoinedPart> Split(JoinedPart part, long[] whole)
    {
        var (value, map, isProbability) = (part.Value, part.Map, part.IsProbability);
        while (main.Producer(value) is { } node && main.Contains(node))
        {
            if (node.Is("Concat"))
                return Inputs(node, part with { Map = map, IsProbability = isProbability }, whole) ?? [part];
            if (!IsPassing(node))
                break;
            isProbability |= PassingOperators.IsSigmoid(node);
            if (map.Through(node, Shape(node.Input[0]), Shape(value)) is not { } before)
                break;
            (value, map) = (node.Input[0], before);
        }

        return [part];
    }

    private List<JoinedPart>? Inputs(NodeProto concat, JoinedPart part, long[] whole)
    {
        var rank = part.Map.Axes.Length;
        var axis = (int)concat.GetInt("axis");
        axis = axis < 0 ? axis + rank : axis;
        if (axis >= rank || part.Map.Axes[axis] is var joined && joined < 0 || concat.Input.Count < 2)
            return null;
        var start = part.Ranges.FirstOrDefault(range => range.Axis == joined)?.Start ?? 0;
        var parts = new List<JoinedPart>();
        foreach (var input in concat.Input)
        {
            if (Shape(input) is not { } shape || shape.Length != rank)
                return null;
            PartRange range = new(joined, start, shape[axis], whole[joined]);
            start += shape[axis];
            // Constants that are joined with other values are not compared, because compression does not change them.
            if (shape[axis] > 0 && !main.IsConstant(input))
                parts.AddRange(Split(new JoinedPart(input, [.. part.Ranges.Where(other => other.Axis != joined), range], part.Map, part.IsProbability), whole));
        }

        return parts;
    }

    private long[]? Shape(string value) => tensors.TryGetValue(value, out var tensor) && tensor.Elements is not null ? tensor.Shape : null;

    private static bool IsPassing(NodeProto node) => PassingOperators.Contains(node) || PassingOperators.IsSigmoid(node);
}
