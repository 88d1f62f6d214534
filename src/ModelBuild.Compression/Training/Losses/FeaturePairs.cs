using ModelBuild.Compression.Training.Steps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>Finds values inside a model that can be compared with values of the teacher.</summary>
/// <param name="student">The model.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="kept">The channels that earlier steps have kept.</param>
/// <param name="compared">The values of the model and of the teacher that have a loss already.</param>
internal sealed class FeaturePairs(DescribedGraph student, DescribedGraph teacher, KeptChannels kept, IReadOnlySet<string> compared)
{
    // The largest number of pairs of layers that are compared. More pairs take time and memory, and hardly improve the result.
    private const int MaxPairs = 8;
    private const int MaxOthers = 4;

    /// <summary>Returns the outputs of layers that both models have by name and with the same shape, apart from removed channels.</summary>
    /// <param name="onlyConvolutions">Whether only outputs of convolutions are returned.</param>
    public IReadOnlyList<FeaturePair> ByName(bool onlyConvolutions) =>
        Spread([.. Ends(student, onlyConvolutions).Select(Same).OfType<FeaturePair>()], MaxPairs);

    /// <summary>Returns the attention maps that both models have by name: outputs of <c>Softmax</c> of four dimensions.</summary>
    public IReadOnlyList<FeaturePair> Maps() =>
        Spread(
            [
                .. student
                    .Graph.Nodes.Where(node => node.Is("Softmax") && student.Sizes(node.Output[0]) is { Length: 4 } sizes && IsLast(node))
                    .Select(node => Same(new LayerEnd(node.Output[0], IsConvolution: true)))
                    .OfType<FeaturePair>(),
            ],
            MaxPairs
        );

    /// <summary>
    /// Returns pairs for another architecture: the last output of a layer of each resolution in both models. Only the numbers of channels may differ.
    /// </summary>
    /// <param name="onlyConvolutions">Whether only outputs of convolutions are returned.</param>
    public IReadOnlyList<FeaturePair> ByResolution(bool onlyConvolutions)
    {
        var others = Ends(teacher, onlyConvolutions).GroupBy(end => Resolution(teacher, end)).ToDictionary(group => group.Key, group => group.Last());
        return Spread(
            [
                .. Ends(student, onlyConvolutions)
                    .GroupBy(end => Resolution(student, end))
                    .Where(group => others.ContainsKey(group.Key))
                    .Select(group => Other(group.Last(), others[group.Key])),
            ],
            MaxOthers
        );
    }

    // Returns whether a Softmax normalizes along the last axis of a value with four axes, as attention does.
    private static bool IsLast(NodeProto node) => node.GetInt("axis", -1) is -1 or 3;

    private IEnumerable<LayerEnd> Ends(DescribedGraph graph, bool onlyConvolutions) =>
        LayerEnds
            .Find(graph.Graph)
            .Where(end => !compared.Contains(end.Value) && graph.Sizes(end.Value) is { Length: > 1 } && (end.IsConvolution || !onlyConvolutions));

    private FeaturePair? Same(LayerEnd end)
    {
        if (compared.Contains(end.Value) || student.Sizes(end.Value) is not { } own || teacher.Sizes(end.Value) is not { } other || own.Length != other.Length)
            return null;
        var (sizes, indices) = (new Dictionary<int, long>(), new Dictionary<int, int[]>());
        for (var axis = 0; axis < own.Length; axis++)
            if (own[axis] != other[axis])
            {
                if (kept.Find(end.Value, axis, other[axis], own[axis]) is not { } channels)
                    return null;
                (sizes[axis], indices[axis]) = (other[axis], channels);
            }

        return new FeaturePair(end.Value, Axis(end, own), new TeacherValue(end.Value, sizes, indices));
    }

    private FeaturePair Other(LayerEnd own, LayerEnd other)
    {
        var sizes = teacher.Sizes(other.Value)!;
        var axis = Axis(other, sizes);
        return new FeaturePair(
            own.Value,
            axis,
            new TeacherValue(other.Value, new Dictionary<int, long> { [axis] = sizes[axis] }, new Dictionary<int, int[]>())
        );
    }

    private static string Resolution(DescribedGraph graph, LayerEnd end)
    {
        var sizes = graph.Sizes(end.Value)!;
        return $"{end.IsConvolution} {string.Join(',', sizes.Where((_, axis) => axis != Axis(end, sizes)))}";
    }

    private static int Axis(LayerEnd end, long[] sizes) => end.IsConvolution ? 1 : sizes.Length - 1;

    // Chooses pairs at even distances, with the last pair among them.
    private static IReadOnlyList<FeaturePair> Spread(IReadOnlyList<FeaturePair> pairs, int most) =>
        pairs.Count <= most ? pairs : [.. Enumerable.Range(1, most).Select(i => pairs[(i * pairs.Count / most) - 1])];
}
