using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>A layer of whose weights some are to become zero.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Pattern">How many of its weights go.</param>
internal sealed record PrunedLayer(FloatLayer Layer, SparsityPattern Pattern)
{
    // The elements of a kernel; 1 for a matrix. Neighbours of a weight are those of the input channels beside its own, which is the axis along which accelerators multiply.
    private int Patch => WeightLayout.PatchOf(Layer.Node, Layer.WeightShape!);

    /// <summary>How many of its weights are zero.</summary>
    public int Zeros => Layer.Tensor.Span<float>().Count(0f);

    /// <summary>Why N:M cannot be had; null where it can, or where blocks do not matter.</summary>
    public string? WhyNot =>
        Pattern.Block > 0 && Layer.Inputs / Patch % Pattern.Block != 0 ? $"its {Layer.Inputs / Patch} input channels are no multiple of {Pattern.Block}" : null;

    /// <summary>How weights are chosen.</summary>
    /// <param name="byRow">Whether the same share goes of each output channel.</param>
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
