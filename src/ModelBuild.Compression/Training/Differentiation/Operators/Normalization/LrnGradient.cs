using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Normalization;

/// <summary>
/// The gradient of LRN, y = x·s^(−β) with s = bias + α/size·Σ x² over neighbouring channels. With the gradient G of y, ∂L/∂x = G·s^(−β) − 2αβ/size·x·Σ
/// G·x·s^(−β−1) over the channels to whose sums x belongs. The sums are products with a band matrix.
/// </summary>
internal sealed class LrnGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var x = node.Input(0);
        var channels = node.Sizes(x)[1];
        if (channels < 0)
            throw new NoGradientException("the number of its channels is not fixed");
        var size = node.Node.GetInt("size", 1);
        var (alpha, beta) = (node.Node.GetFloat("alpha", 1e-4f), node.Node.GetFloat("beta", 0.75f));
        var rows = node.Emit("Reshape", [x, node.Integers(0, 0, -1)]);
        var gradient = node.Emit("Reshape", [node.Gradient(), node.Integers(0, 0, -1)]);
        var squares = Sum(node, node.Emit("Mul", [rows, rows]), Band(channels, size, isTransposed: false), channels);
        var scaled = node.Emit("Mul", [squares, node.Number(alpha / size)]);
        var s = node.Emit("Add", [scaled, node.Number(node.Node.GetFloat("bias", 1))]);
        var direct = node.Emit("Mul", [gradient, node.Emit("Pow", [s, node.Number(-beta)])]);
        var shared = Sum(node, node.Emit("Div", [node.Emit("Mul", [direct, rows]), s]), Band(channels, size, isTransposed: true), channels);
        var indirect = node.Emit("Mul", [node.Emit("Mul", [rows, shared]), node.Number(2 * alpha * beta / size)]);
        node.Add(0, node.Reshape(node.Emit("Sub", [direct, indirect]), x));
    }

    private static string Sum(GradientNode node, string value, float[] band, long channels) =>
        node.Emit("MatMul", [node.Floats([channels, channels], band), value]);

    // Returns a band matrix with one row for each channel. The row has ones at the channels that the channel's sum includes: ⌊(size − 1)/2⌋ before it and
    // ⌈(size − 1)/2⌉ after it.
    private static float[] Band(long channels, long size, bool isTransposed)
    {
        var band = new float[channels * channels];
        for (var row = 0L; row < channels; row++)
        for (var column = Math.Max(0, row - (size - 1) / 2); column <= Math.Min(channels - 1, row + size / 2); column++)
            band[isTransposed ? column * channels + row : row * channels + column] = 1;
        return band;
    }
}
