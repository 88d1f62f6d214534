using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>A layer that computes in float32 and whose weights are stored in int8.</summary>
internal sealed class StoredLayer : QuantizedLayer
{
    private readonly WeightLayout _layout;
    private readonly TensorProto _codes;
    private readonly TensorProto _scales;
    private readonly LayerBias? _bias;

    /// <param name="source">The layer's node in the reference model.</param>
    /// <param name="weights">The weights of the layer in the reference model.</param>
    /// <param name="codes">The initializer of codes.</param>
    /// <param name="scales">The initializer of scales: one for each output channel, one for each output channel of a group, or one for all.</param>
    /// <param name="bias">Writes a bias; null if the layer cannot have one.</param>
    [SetsRequiredMembers]
    public StoredLayer(NodeProto source, TensorProto weights, TensorProto codes, TensorProto scales, LayerBias? bias)
        : base(source, source.Input[0])
    {
        (_layout, _codes, _scales, _bias) = (WeightLayout.Of(source, weights), codes, scales, bias);
        Groups = _layout.Groups;
        (Outputs, Inputs) = (_layout.Outputs, _layout.Inputs);
        Original = WeightMatrix.Of(_layout, weights);
        Bias = bias?.Values.ToArray();
        GridRule =
            scales.ElementCount() == Outputs || scales.ElementCount() == 1
                ? new SymmetricGrid(8) { Shared = scales.ElementCount() != Outputs }
                : HeldByGroups(scales.ToFloats(), Outputs, Inputs);
        Encoded = EncodedWeights.Encode(Original, GridRule, balanced: 0, CancellationToken.None);
    }

    /// <summary>Returns whether the stored weights of a layer can be processed as a matrix [N, K].</summary>
    public static bool IsSolvable(NodeProto node, TensorProto weights) =>
        WeightedOperator.FindLinear(node) is { } found
        && (found.IsConvolution ? weights.Dims.Count > 2 : weights.Dims.Count == 2)
        && found.Alpha(node) == 1
        && found.Beta(node) == 1
        && !found.IsInputTransposed(node);

    public override void Write()
    {
        _codes.RawData = UnsafeByteOperations.UnsafeWrap(Encoded.ToTensor(_layout));
        var scales = Encoded.Grid.Scales[..(int)_scales.ElementCount()];
        _scales.RawData = UnsafeByteOperations.UnsafeWrap(MemoryMarshal.AsBytes(scales.AsSpan()).ToArray());
        if (Bias is not null)
            _bias?.Write(Bias);
    }

    // Returns scales that stay fixed. All groups of a ConvTranspose share the scales, so they are not changed for one of the groups.
    private static HeldGrid HeldByGroups(float[] scales, int outputs, int inputs)
    {
        float[] repeated = [.. Enumerable.Range(0, outputs).Select(output => scales[output % scales.Length])];
        return new HeldGrid(new WeightGrid(outputs, inputs, inputs, repeated, null, -sbyte.MaxValue, sbyte.MaxValue));
    }
}
