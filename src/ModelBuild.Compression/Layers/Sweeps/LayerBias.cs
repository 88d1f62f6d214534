using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>The bias input of a layer, which may be absent.</summary>
/// <param name="graph">The graph of the layer.</param>
/// <param name="node">The layer.</param>
/// <param name="index">The index of the bias input.</param>
/// <param name="name">An unused name for the bias of the layer.</param>
/// <param name="values">The current bias; zeros when the layer has none.</param>
internal sealed class LayerBias(GraphProto graph, NodeProto node, int index, string name, float[] values)
{
    private float[] _values = values;

    /// <summary>The current bias of the layer, one number for each output channel.</summary>
    public IReadOnlyList<float> Values => _values;

    /// <summary>Writes another bias to an initializer that only this layer reads. The first call creates the initializer.</summary>
    public void Write(float[] bias)
    {
        if (bias.AsSpan().SequenceEqual(_values))
            return;
        _values = [.. bias];
        var tensor = Tensors.Create(name, [_values.Length], _values);
        if (graph.Initializer.FirstOrDefault(other => other.Name == name) is { } own)
        {
            own.RawData = tensor.RawData;
            return;
        }

        graph.Initializer.Add(tensor);
        while (node.Input.Count <= index)
            node.Input.Add("");
        node.Input[index] = name;
    }
}
