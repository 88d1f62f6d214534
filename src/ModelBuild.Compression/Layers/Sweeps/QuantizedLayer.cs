using System.Collections.Concurrent;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// A layer whose weights were quantized. It can write other codes into the model. Its float weights stay in the tensor of the reference model and are read
/// some rows at a time.
/// </summary>
/// <param name="source">The node of the layer in <see cref="QuantizedLayers.Reference"/>: Conv, ConvTranspose, Gemm or MatMul.</param>
/// <param name="input">The float value of the quantized model that the layer multiplies (after a DequantizeLinear node, if there is one).</param>
internal abstract class QuantizedLayer(NodeProto source, string input) : MeasuredLayer(source, input)
{
    // The number of weights above which changed weights of a layer are kept in mapped files.
    private const int MaxInMemory = 8 << 20;

    private readonly ConcurrentDictionary<int, TensorProto> _changed = [];

    /// <summary>The weights before quantization [outputs, inputs of a group].</summary>
    public required WeightMatrix Original { get; init; }

    /// <summary>The rule that determines the grid of the layer's quantized weights.</summary>
    public required IGridRule GridRule { get; init; }

    /// <summary>The codes in the model [outputs, inputs] and their grid.</summary>
    public required EncodedWeights Encoded { get; set; }

    /// <summary>Returns the float weights of some rows before rounding: the original weights, or those that a solver set.</summary>
    /// <param name="firstRow">The first row. If solvers changed these weights, it must be the first row of their change.</param>
    /// <param name="rows">The number of rows.</param>
    public float[] ReadWeights(int firstRow, int rows)
    {
        if (!_changed.TryGetValue(firstRow, out var changed))
            return Original.Read(firstRow, rows);
        var weights = changed.ToFloats();
        changed.Release();
        return weights;
    }

    /// <summary>Keeps changed weights for later steps. Several threads may call it for different rows.</summary>
    public void ChangeWeights(int firstRow, float[] weights)
    {
        var tensor = Tensors.Create(Input, [weights.Length], weights);
        if (Count > MaxInMemory)
        {
            tensor.MoveToFile();
            tensor.Release();
        }

        _changed[firstRow] = tensor;
    }
}
