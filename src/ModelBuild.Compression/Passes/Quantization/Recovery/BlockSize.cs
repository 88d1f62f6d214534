using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>The number of output channels of a layer that are solved together.</summary>
/// <param name="Weights">The largest number of weights of a block.</param>
internal sealed record BlockSize(int Weights)
{
    // The limit of weights that solvers process at the same time. Solvers use up to fifty bytes for each weight, so the limit keeps their memory below about
    // 100 MB.
    private const int MaxSideBySide = 1 << 21;

    /// <summary>The block size with which solvers use at most 25 MB.</summary>
    public static BlockSize Default { get; } = new(1 << 19);

    /// <summary>
    /// Returns the number of output channels of a block. If there is more than one block, it is a multiple of the number of rows that products compute
    /// together.
    /// </summary>
    /// <param name="inputs">The inputs of each output channel.</param>
    /// <param name="outputs">The number of output channels of the layer.</param>
    public int Rows(int inputs, int outputs) => Math.Min(outputs, Math.Max(1, Weights / Math.Max(1, inputs) / Products.Together) * Products.Together);

    /// <summary>Returns the number of blocks that may be solved in parallel.</summary>
    /// <param name="rows">The output channels of a block.</param>
    /// <param name="inputs">The inputs of each output channel.</param>
    public static int SideBySide(int rows, int inputs) => (int)Math.Max(1, MaxSideBySide / Math.Max(1, (long)rows * inputs));
}
