using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Propagates the channels of layers through the main graph. The result is the set of changes that the removal of a channel needs: slices of constants, and
/// numbers that count channels. Channels that are combined (in a sum, in a shared weight) are joined; channels that reach a node without a rule are locked.
/// The method follows dependency graphs (Fang et al. 2023, DepGraph, arXiv 2301.12900), with index mappings instead of rules for pairs of operators.
/// </summary>
internal sealed partial class ChannelAnalysis
{
    private readonly Graph _main;
    private readonly IReadOnlyDictionary<string, InferredTensor> _tensors;
    private readonly Dictionary<string, int[]?[]> _channels = new(StringComparer.Ordinal);
    private readonly List<WeightSlot> _slots = [];
    private readonly List<SizeEntry> _sizes = [];

    private ChannelAnalysis(Graph main, IReadOnlyDictionary<string, InferredTensor> tensors) => (_main, _tensors) = (main, tensors);

    /// <summary>The classes of channels that can only be removed together.</summary>
    public ChannelClasses Classes { get; } = new();

    /// <summary>The slices of constants that belong to channels.</summary>
    public IReadOnlyList<WeightSlot> Slots => _slots;

    /// <summary>The numbers in the graph that count channels, such as sizes in the target of a Reshape.</summary>
    public IReadOnlyList<SizeEntry> Sizes => _sizes;

    /// <summary>The axes of values that have channels, with the channels on them.</summary>
    public IEnumerable<(string Value, int Axis, int[] Channels)> Values =>
        _channels.SelectMany(value => value.Value.Index().Where(axis => axis.Item is not null).Select(axis => (value.Key, axis.Index, axis.Item!)));

    /// <summary>Analyses the channels of a graph.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="tensors">Types and sizes of the values of the graph, as far as they are known.</param>
    /// <param name="cancellationToken">Checked between nodes.</param>
    public static ChannelAnalysis Of(Graph main, IReadOnlyDictionary<string, InferredTensor> tensors, CancellationToken cancellationToken)
    {
        var analysis = new ChannelAnalysis(main, tensors);
        foreach (var node in main.Nodes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            analysis.Follow(node);
        }

        analysis.LockOutputs();
        analysis.TieSharedConstants();
        return analysis;
    }

    /// <summary>Returns the channels that a layer computes, or changes one by one; null if there are none.</summary>
    public int[]? Made(NodeProto layer) => _slots.Find(slot => ReferenceEquals(slot.Node, layer) && slot.Input == 1 && slot.Role != SlotRole.Reads)?.Channels;

    /// <summary>Returns the channels that a layer reads at its input; null if there are none.</summary>
    public int[]? Read(NodeProto layer) => _slots.Find(slot => ReferenceEquals(slot.Node, layer) && slot.Input == 1 && slot.Role == SlotRole.Reads)?.Channels;

    private void LockOutputs()
    {
        foreach (var (value, axes) in _channels)
            if (_main.IsOutputAnywhere(value))
                Lock(axes, "it is an output of the model");
            else if (_main.Consumers(value).Any(use => !ReferenceEquals(use.Graph, _main)))
                Lock(axes, "a subgraph reads it");
    }

    // Joins the channels of constants that several nodes read, so that the same slices are removed for all of them. A constant that a node reads in another way
    // does not change.
    private void TieSharedConstants()
    {
        foreach (var slots in _slots.GroupBy(slot => slot.Constant))
        {
            foreach (var axis in slots.GroupBy(slot => slot.Axis))
            foreach (var slot in axis.Skip(1))
                Classes.Join(axis.First().Channels, slot.Channels);
            var uses = _main.ScopeOf(slots.Key)!.Consumers(slots.Key);
            var isKnown =
                uses.All(use => slots.Any(slot => ReferenceEquals(slot.Node, use.Node) && slot.Input == use.Index)) && !_main.IsOutputAnywhere(slots.Key);
            // An axis of a shared constant is locked unless all nodes that read the constant have channels on this axis.
            foreach (var slot in slots.GroupBy(slot => slot.Axis).Where(axis => !isKnown || axis.Count() != uses.Count).SelectMany(axis => axis))
                Classes.Lock(slot.Channels, "other nodes read the same constant");
        }
    }

    private int[]?[] Channels(string value) => _channels.TryGetValue(value, out var axes) ? axes : new int[]?[Shape(value)?.Length ?? 0];

    private bool HasChannels(string value) => _channels.TryGetValue(value, out var axes) && axes.Any(axis => axis is not null);

    private long[]? Shape(string value) =>
        _main.TryGetConstant(value, out var constant) ? [.. constant.Dims]
        : _tensors.TryGetValue(value, out var tensor) ? tensor.Shape
        : _main.TypeOf(value)?.TensorType?.Shape is { } declared
            ? [.. declared.Dim.Select(size => size.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? size.DimValue : -1)]
        : null;

    private void Lock(IEnumerable<int[]?> axes, string why)
    {
        foreach (var axis in axes)
            if (axis is not null)
                Classes.Lock(axis, why);
    }

    private void LockInputs(NodeProto node, string why) => Lock(node.Input.Where(_channels.ContainsKey).SelectMany(value => _channels[value]), why);

    private void Give(NodeProto node, params int[]?[] axes)
    {
        if (axes.Any(axis => axis is not null))
            _channels[node.Output[0]] = axes;
    }

    private void AddSlot(NodeProto node, int input, int axis, int[] channels, SlotRole role) => _slots.Add(new WeightSlot(node, input, axis, channels, role));
}
