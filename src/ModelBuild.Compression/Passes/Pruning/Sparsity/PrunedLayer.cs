using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>A layer of which some weights become zero.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Pattern">The number or share of weights that become zero.</param>
internal sealed record PrunedLayer(FloatLayer Layer, SparsityPattern Pattern)
{
    // The number of elements of a kernel; 1 for a matrix. The neighbours of a weight are those of the adjacent input channels, which is the axis along which
    // accelerators multiply.
    private int Patch => WeightLayout.PatchOf(Layer.Node, Layer.WeightShape!);

    /// <summary>The number of weights that are zero.</summary>
    public int Zeros => Layer.Tensor.Span<float>().Count(0f);

    /// <summary>The reason why the pattern N:M is not possible for the layer; null if it is possible or the pattern has no blocks.</summary>
    public string? WhyNot =>
        Pattern.Block > 0 && Layer.Inputs / Patch % Pattern.Block != 0
            ? $"its {Layer.Inputs / Patch} input channels are not a multiple of {Pattern.Block}"
            : null;

    /// <summary>Returns the rule by which the weights to remove are chosen.</summary>
    /// <param name="byRow">Whether each output channel loses the same share.</param>
    public WeightChoice Choice(bool byRow) => new(Pattern, Layer.Inputs, Blocks(), byRow);

    private int[][] Blocks()
    {
        if (Pattern.Block == 0)
            return [];
        var patch = Patch;
        return
        [
            .. Enumerable
                .Range(0, Layer.Inputs / patch / Pattern.Block)
                .SelectMany(block =>
                    Enumerable
                        .Range(0, patch)
                        .Select(place => Enumerable.Range(block * Pattern.Block, Pattern.Block).Select(channel => channel * patch + place).ToArray())
                ),
        ];
    }
}
