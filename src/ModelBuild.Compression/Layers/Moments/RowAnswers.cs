using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>Computes the outputs X Wᵀ of weights for rows in float32. Several threads may use one instance.</summary>
internal sealed class RowAnswers : IDisposable
{
    private readonly MatrixSession _session = new("x", "w", Nodes.Create("Gemm", ["x", "w"], ["y"], attributes: ("transB", 1L)));

    /// <summary>Returns the outputs X Wᵀ [rows, N] of a layer with the weights W for input rows X.</summary>
    /// <param name="x">X [rows, K].</param>
    /// <param name="weights">W [N, K].</param>
    /// <param name="inputs">K, the number of inputs.</param>
    public float[] Of(Memory<float> x, Memory<float> weights, int inputs)
    {
        using var answers = _session.Run(x, inputs, weights, inputs);
        return answers[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
