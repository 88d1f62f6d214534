using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// The int8 error of the products of an activation: Σ ‖X W − Q(X S⁻¹) Q(S W)‖² over the layers that multiply it, on held-out rows. Activations are quantized
/// as in <c>DynamicQuantizeLinear</c>, with one asymmetric range of 8 bits for each call.
/// </summary>
internal sealed class SmoothingLoss
{
    // The greatest code of DynamicQuantizeLinear.
    private const double GreatestCode = 255;

    private readonly IReadOnlyList<SeenCall> _calls;
    private readonly SmoothedProduct[] _products;
    private readonly double[] _ranges;
    private readonly SmoothingFormat _format;

    /// <summary>Computes the outputs of the layers in float32.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="smoothing">The activation.</param>
    /// <param name="calls">The collected data of the activation.</param>
    /// <param name="ranges">The largest magnitude of each column on the samples that steps are fitted to.</param>
    /// <param name="format">How the products are quantized.</param>
    /// <param name="answers">Computes products of rows.</param>
    public SmoothingLoss(Graph main, Smoothing smoothing, IReadOnlyList<SeenCall> calls, double[] ranges, SmoothingFormat format, RowAnswers answers)
    {
        (_calls, _ranges, _format) = (calls, ranges, format);
        float[] rows = [.. calls.SelectMany(call => call.Rows)];
        _products = [.. smoothing.Layers.Select(layer => new SmoothedProduct(main, layer.Node, rows, answers))];
        Energy = _products.Sum(product => product.Energy);
    }

    /// <summary>The sum of squares of the outputs.</summary>
    public double Energy { get; }

    /// <summary>Returns the squared error of the outputs if the activation's columns are divided by factors.</summary>
    public double Of(double[] factors)
    {
        var inFloat = new bool[factors.Length];
        foreach (var column in OutlierColumns.Find([.. _ranges.Zip(factors, (range, factor) => range / factor)], _format.Outliers))
            inFloat[column] = true;
        float[] rows = [.. _calls.SelectMany(call => Quantized(call, factors, inFloat))];
        return _products.Sum(product => product.Error(rows, factors, inFloat, _format.PerChannel));
    }

    private static float[] Quantized(SeenCall call, double[] factors, bool[] inFloat)
    {
        var (least, greatest) = (0.0, 0.0);
        for (var column = 0; column < factors.Length; column++)
            if (!inFloat[column])
                (least, greatest) = (Math.Min(least, call.Least[column] / factors[column]), Math.Max(greatest, call.Greatest[column] / factors[column]));
        var scale = greatest > least ? (greatest - least) / GreatestCode : 1;
        var zeroPoint = Math.Round(-least / scale);
        var rows = new float[call.Rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var column = i % factors.Length;
            var value = call.Rows[i] / factors[column];
            rows[i] = (float)(inFloat[column] ? value : (Math.Clamp(Math.Round(value / scale) + zeroPoint, 0, GreatestCode) - zeroPoint) * scale);
        }

        return rows;
    }
}
