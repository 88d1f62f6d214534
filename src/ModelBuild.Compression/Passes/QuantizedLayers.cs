using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>The layers that a recipe's steps have quantized so far, in topological order, with what they were made from.</summary>
internal sealed class QuantizedLayers
{
    private readonly List<Lazy<QuantizedLayer>> _layers = [];

    /// <summary>The layers, in the order in which data flows through them.</summary>
    public IReadOnlyList<QuantizedLayer> All => [.. _layers.Select(layer => layer.Value)];

    /// <summary>The model as it was before the first layer was quantized: what it computes is what quantized layers should answer. Null while there is none.</summary>
    public OnnxModel? Reference { get; private set; }

    /// <summary>Keeps the model as it is now; the first step that quantizes calls this before it changes anything.</summary>
    public void KeepReference(OnnxModel model) => Reference ??= model.Clone();

    /// <summary>Adds layers of one step, in the order in which data flows through them.</summary>
    public void Add(IEnumerable<QuantizedLayer> layers) => _layers.AddRange(layers.Select(layer => new Lazy<QuantizedLayer>(layer)));

    /// <summary>Adds layers that are made when a step asks for them: most recipes never do, and need no memory for codes and weights in real numbers then.</summary>
    public void AddLater(IEnumerable<Func<QuantizedLayer>> layers) => _layers.AddRange(layers.Select(layer => new Lazy<QuantizedLayer>(layer)));

    /// <summary>Takes the layers of an attempt that is kept.</summary>
    public void TakeOver(QuantizedLayers attempt)
    {
        Reference ??= attempt.Reference;
        _layers.AddRange(attempt._layers);
    }
}
