using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers;

/// <summary>The layers that a recipe's steps have quantized so far, in topological order, with what they were made from.</summary>
internal sealed class QuantizedLayers
{
    private readonly List<Lazy<QuantizedLayer>> _layers = [];
    private readonly Dictionary<string, (NodeProto Node, int Position)> _sources = new(StringComparer.Ordinal);

    /// <summary>The layers, in the order in which data flows through them.</summary>
    public IReadOnlyList<QuantizedLayer> All => [.. _layers.Select(layer => layer.Value).OrderBy(layer => _sources[layer.Source.Output[0]].Position)];

    /// <summary>The model as it was before the first layer was quantized: what it computes is what quantized layers should answer. Null while there is none.</summary>
    public OnnxModel? Reference { get; private set; }

    /// <summary>The node of the reference model that gives a value of its main graph; null when there is none.</summary>
    public NodeProto? Source(string output) => _sources.GetValueOrDefault(output).Node;

    /// <summary>Keeps the model as it is now; the first step that quantizes calls this before it changes anything.</summary>
    public void KeepReference(OnnxModel model)
    {
        if (Reference is not null)
            return;
        Reference = model.Clone();
        foreach (var (position, node) in Reference.Proto.Graph.Node.Index())
        foreach (var output in node.Output)
            _sources[output] = (node, position);
    }

    /// <summary>Adds layers that are made when a step asks for them: most recipes never do, and need no memory for codes and weights in real numbers then.</summary>
    public void Add(IEnumerable<Func<QuantizedLayer>> layers) => _layers.AddRange(layers.Select(layer => new Lazy<QuantizedLayer>(layer)));

    /// <summary>Forgets all layers: the model is what it was before a step solved them, and they are not.</summary>
    public void Clear() => _layers.Clear();

    /// <summary>Takes the layers of an attempt that is kept.</summary>
    public void TakeOver(QuantizedLayers attempt)
    {
        if (Reference is null && attempt.Reference is { } reference)
            KeepReference(reference);
        _layers.AddRange(attempt._layers);
    }
}
