using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>How many output channels of a layer are solved together.</summary>
/// <param name="Weights">The weights that they may have in all.</param>
internal sealed record BlockSize(int Weights)
{
    // Solvers take up to fifty bytes for each weight on their way.
    private const int MostSideBySide = 1 << 21;

    /// <summary>25 MB of what solvers make on their way.</summary>
    public static BlockSize Default { get; } = new(1 << 19);

    /// <summary>The output channels of a block: whole numbers of those that go together in products, where there are more than one block.</summary>
    /// <param name="inputs">The inputs of each.</param>
    /// <param name="outputs">All output channels.</param>
    public int Rows(int inputs, int outputs) => Math.Min(outputs, Math.Max(1, Weights / Math.Max(1, inputs) / Products.Together) * Products.Together);

    /// <summary>How many blocks may be solved side by side.</summary>
    /// <param name="rows">The output channels of a block.</param>
    /// <param name="inputs">The inputs of each.</param>
    public static int SideBySide(int rows, int inputs) => (int)Math.Max(1, MostSideBySide / Math.Max(1, (long)rows * inputs));
}
