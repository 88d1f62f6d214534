using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Follows the channels that layers make through the main graph, and finds what has to go when a channel goes: which slices of which constants, and which numbers that count channels.
/// Channels that meet (in a sum, in a shared weight) are joined; those that reach what is not understood are locked. The idea is that of a dependency graph
/// (Fang et al. 2023, DepGraph, arXiv 2301.12900), with index mappings in the place of hand-written rules for pairs of operators.
/// </summary>
internal sealed partial class ChannelAnalysis
{
    private readonly Graph _main;
    private readonly IReadOnlyDictionary<string, InferredTensor> _tensors;
    private readonly Dictionary<string, int[]?[]> _channels = new(StringComparer.Ordinal);
    private readonly List<WeightSlot> _slots = [];
    private readonly List<SizeEntry> _sizes = [];

    private ChannelAnalysis(Graph main, IReadOnlyDictionary<string, InferredTensor> tensors) => (_main, _tensors) = (main, tensors);

    /// <summary>Which channels go together.</summary>
    public ChannelClasses Classes { get; } = new();

    /// <summary>The slices of constants that channels have.</summary>
    public IReadOnlyList<WeightSlot> Slots => _slots;

    /// <summary>The numbers that count channels.</summary>
    public IReadOnlyList<SizeEntry> Sizes => _sizes;

    /// <summary>Follows the channels of a graph.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="tensors">Types and sizes of its values, as far as they are known.</param>
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

    /// <summary>The channels that a layer makes, or works on one by one; null where it makes none.</summary>
    public int[]? Made(NodeProto layer) => _slots.Find(slot => ReferenceEquals(slot.Node, layer) && slot.Input == 1 && slot.Role != SlotRole.Reads)?.Channels;

    /// <summary>The channels that a layer reads; null where they are none.</summary>
    public int[]? Read(NodeProto layer) => _slots.Find(slot => ReferenceEquals(slot.Node, layer) && slot.Input == 1 && slot.Role == SlotRole.Reads)?.Channels;

    private void LockOutputs()
    {
        foreach (var (value, axes) in _channels)
            if (_main.IsOutputAnywhere(value))
                Lock(axes, "it is an output of the model");
            else if (_main.Consumers(value).Any(use => !ReferenceEquals(use.Graph, _main)))
                Lock(axes, "a subgraph reads it");
    }

    // A constant that several nodes read loses the same slices for all of them; one that is also read in another way stays as it is.
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
            // All readers must have channels on an axis for it to change.
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
