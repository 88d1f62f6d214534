using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>
/// Multiplies blocks of rows with ONNX Runtime's kernels: Xᵀ X and Yᵀ X in float32. Several accumulators and threads may share an instance.
/// </summary>
internal sealed class MomentProducts : IDisposable
{
    private readonly MatrixSession _session = new(
        "x",
        "y",
        Nodes.Create("Gemm", ["x", "x"], ["gram"], attributes: ("transA", 1L)),
        Nodes.Create("Gemm", ["y", "x"], ["cross"], attributes: ("transA", 1L))
    );

    /// <summary>Adds the products Xᵀ X and Yᵀ X of <paramref name="rows"/> rows to float64 sums.</summary>
    /// <param name="x">The inputs [rows, K].</param>
    /// <param name="y">The targets [rows, N].</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="gram">The sums of Xᵀ X [K, K].</param>
    /// <param name="cross">The sums of Yᵀ X [N, K].</param>
    public void Add(Memory<float> x, Memory<float> y, int rows, double[] gram, double[] cross)
    {
        using var products = _session.Run(x, x.Length / rows, y, y.Length / rows);
        AddTo(gram, products[0].GetTensorDataAsSpan<float>());
        AddTo(cross, products[1].GetTensorDataAsSpan<float>());
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static void AddTo(double[] sums, ReadOnlySpan<float> products)
    {
        for (var i = 0; i < products.Length; i++)
            sums[i] += products[i];
    }
}
