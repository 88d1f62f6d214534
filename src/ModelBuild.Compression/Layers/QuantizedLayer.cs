using System.Collections.Concurrent;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers;

/// <summary>
/// A layer whose weights were quantized, and how to write other codes into the model. Its weights in real numbers stay where they are, in the tensor
/// that they came from, and are read some rows at a time.
/// </summary>
/// <param name="source">The layer's node in <see cref="QuantizedLayers.Reference"/>: Conv, ConvTranspose, Gemm or MatMul.</param>
/// <param name="input">The float value of the quantized model that the layer multiplies (after DequantizeLinear, where there is one).</param>
internal abstract class QuantizedLayer(NodeProto source, string input) : MeasuredLayer(source, input)
{
    // Of a layer with more weights, those that a solver has changed are kept in files.
    private const int MostInMemory = 8 << 20;

    private readonly ConcurrentDictionary<int, TensorProto> _changed = [];

    /// <summary>The weights that were quantized, [outputs, inputs of a group].</summary>
    public required WeightMatrix Original { get; init; }

    /// <summary>How grids follow from weights.</summary>
    public required IGridRule GridRule { get; init; }

    /// <summary>The codes now in the model [outputs, inputs], and what they stand for.</summary>
    public required EncodedWeights Encoded { get; set; }

    /// <summary>The weights of some rows in real numbers, before rounding: those that were quantized, or what solvers have made of them.</summary>
    /// <param name="firstRow">The first of the rows; where solvers have changed weights, they changed these rows together.</param>
    /// <param name="rows">How many.</param>
    public float[] ReadWeights(int firstRow, int rows)
    {
        if (!_changed.TryGetValue(firstRow, out var changed))
            return Original.Read(firstRow, rows);
        var weights = changed.ToFloats();
        changed.Release();
        return weights;
    }

    /// <summary>Keeps other weights for the steps to come. Several threads may do so for different rows.</summary>
    public void ChangeWeights(int firstRow, float[] weights)
    {
        var tensor = Tensors.Create(Input, [weights.Length], weights);
        if (Count > MostInMemory)
        {
            tensor.MoveToFile();
            tensor.Release();
        }

        _changed[firstRow] = tensor;
    }
}
