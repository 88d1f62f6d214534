using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>The layers that the steps of a recipe have quantized so far, in topological order, with the model before quantization.</summary>
internal sealed class QuantizedLayers
{
    private readonly List<Lazy<QuantizedLayer>> _layers = [];
    private readonly Dictionary<string, (NodeProto Node, int Position)> _sources = new(StringComparer.Ordinal);

    /// <summary>The quantized layers in topological order.</summary>
    public IReadOnlyList<QuantizedLayer> All => [.. _layers.Select(layer => layer.Value).OrderBy(layer => _sources[layer.Source.Output[0]].Position)];

    /// <summary>
    /// The model before the first layer was quantized, whose outputs are the targets of quantized layers. The value is null when no layer is quantized.
    /// </summary>
    public OnnxModel? Reference { get; private set; }

    /// <summary>Returns the node of the reference model that computes a value of its main graph, or null when there is none.</summary>
    public NodeProto? Source(string output) => _sources.GetValueOrDefault(output).Node;

    /// <summary>Stores a copy of the current model. The first quantizing step calls this before it changes the model.</summary>
    public void KeepReference(OnnxModel model)
    {
        if (Reference is not null)
            return;
        Reference = model.Clone();
        foreach (var (position, node) in Reference.Proto.Graph.Node.Index())
        foreach (var output in node.Output)
            _sources[output] = (node, position);
    }

    /// <summary>Adds layers that are created when a step requests them, because most recipes do not need their codes and float weights.</summary>
    public void Add(IEnumerable<Func<QuantizedLayer>> layers) => _layers.AddRange(layers.Select(layer => new Lazy<QuantizedLayer>(layer)));

    /// <summary>
    /// Removes all layers. A step calls this method after it has restored the earlier model, because the layers hold the weights that the step has solved.
    /// </summary>
    public void Clear() => _layers.Clear();

    /// <summary>Adds the layers of an attempt that is kept.</summary>
    public void Add(QuantizedLayers attempt)
    {
        if (Reference is null && attempt.Reference is { } reference)
            KeepReference(reference);
        _layers.AddRange(attempt._layers);
    }
}
